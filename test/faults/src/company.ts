import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type HubSpotOptions, type HubSpotStandIn, startHubSpot } from '@assay/crm-hubspot'
import type { World } from '@assay/worlds'
import { answered, assay, type CommandOptions, type Ended, type Running, start } from './command.ts'

/** A company with its CRM (a stand-in in this process), a directory of its own for Assay, and a clock that both believe. */
export interface Company {
  readonly name: string
  readonly home: string
  readonly crm: HubSpotStandIn
  readonly clock: { now: number }
  /** The connect command's words: the token stands in a file. */
  readonly connectWords: readonly string[]
  options(): CommandOptions
  run(...words: string[]): Promise<Ended>
  start(...words: string[]): Running
  answered<T = Record<string, unknown>>(...words: string[]): Promise<T>
  close(): Promise<void>
}

export async function openCompany(name: string, world: World, given: Omit<HubSpotOptions, 'world'> = {}): Promise<Company> {
  const directory = await mkdtemp(join(tmpdir(), `assay-faults-${name}-`))
  const clock = { now: world.today }
  const crm = await startHubSpot({ limits: 'off', now: () => clock.now, ...given, world })
  const home = join(directory, 'home')
  const tokenFile = join(directory, 'token.txt')
  await writeFile(tokenFile, `${crm.token}\n`, { mode: 0o600 })
  const options = (): CommandOptions => ({ home, now: clock.now, environment: { ASSAY_QUOTA_SHARE: '1', ASSAY_PORT: '0' } })
  return {
    name,
    home,
    crm,
    clock,
    connectWords: ['connect', 'hubspot', '--token-file', tokenFile, '--setting', `baseUrl=${crm.url}`],
    options,
    run: (...words) => assay(words, options()),
    start: (...words) => start(words, options()),
    answered: (...words) => answered(words, options()),
    async close() {
      await crm.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
