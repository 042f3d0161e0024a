import { mkdir } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { growth } from './growth.ts'
import { measure } from './measure.ts'
import type { Measured } from './steps.ts'
import { growthText, headOf, lineText, totalText } from './table.ts'

/** Each account has about 10 deals and 30 line items. */
const SIZES = '10000,100000'

/** `npm run bench -- scale [--accounts 10000,100000] [--seed 1] [--json] [--profile FOLDER]`: a table, or one JSON document on stdout. */
export async function scale(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      accounts: { type: 'string', default: SIZES },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  })
  const sizes = values.accounts.split(',').map(Number)
  if (!sizes.every((size) => Number.isInteger(size) && size > 0)) throw new Error(`--accounts takes whole numbers, as ${SIZES}`)
  const profile = values.profile === undefined ? null : resolve(values.profile)
  if (profile !== null) await mkdir(profile, { recursive: true })
  const say = (text: string): void => void (values.json ? process.stderr : process.stdout).write(`${text}\n`)
  say(`${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB; the stand-in is a second process on them`)
  const measured: Measured[] = []
  for (const accounts of sizes) {
    say(`\n${headOf(accounts)}`)
    const one = await measure(accounts, { seed: Number(values.seed), profile, tell: (line) => say(lineText(line)) })
    say(totalText(one))
    measured.push(one)
  }
  const grown = growth(measured)
  say(`\n${growthText(grown)}`)
  if (values.json) process.stdout.write(`${JSON.stringify({ cores: cpus().length, sizes: measured, growth: grown }, null, 2)}\n`)
}
