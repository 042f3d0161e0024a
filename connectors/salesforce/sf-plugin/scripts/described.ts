import { Config } from '@oclif/core'
import { z } from 'zod'
import { RESULTS } from '../src/results.ts'

/** One command as Salesforce's plugins write it down. */
export interface DescribedCommand {
  readonly alias: readonly string[]
  readonly command: string
  readonly flagAliases: readonly string[]
  readonly flagChars: readonly string[]
  readonly flags: readonly string[]
  readonly plugin: string
}

const sorted = (names: readonly string[]): string[] => [...names].sort()

/** What the built commands below `root` take, as `sf` itself loads them. */
export async function commandSnapshot(root: string): Promise<readonly DescribedCommand[]> {
  const config = await Config.load({ root, devPlugins: false, userPlugins: false })
  return config.commands
    .map(({ aliases, id, flags, pluginName }) => {
      const each = Object.values(flags)
      return {
        alias: aliases,
        command: id,
        flagAliases: sorted(each.flatMap((flag) => flag.aliases ?? [])),
        flagChars: sorted(each.flatMap((flag) => flag.char ?? [])),
        flags: sorted(each.map(({ name }) => name)),
        plugin: pluginName ?? '',
      }
    })
    .sort((a, b) => (a.command < b.command ? -1 : 1))
}

/** JSON schemas of what the commands give under `--json`, by file name. */
export const schemas = (): Readonly<Record<string, object>> =>
  Object.fromEntries(Object.entries(RESULTS).map(([name, shape]) => [`assay-${name}`, z.toJSONSchema(shape, { target: 'draft-7' })]))
