import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { report } from '@assay/shared'
import { test } from 'vitest'
import { tryFolder, type TryDocument } from '../../../sidecar/src/flow/try/try.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Where the public data sets are: `ASSAY_DATA`, else beside the repository. */
const DATA = process.env['ASSAY_DATA'] ?? here('../../../../shared/data')

/** How that data set is read; by another name where it is read in several ways. */
export const mappingOf = (name: string, way = 'mapping'): string => here(`../mappings/${name}/${way}.json`)
export const folderOf = (name: string): string => join(DATA, name)
export const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
export const silent = (): void => {}

/** A test on one public data set; without it a test that only says what was left out, and why. */
export function onData(name: string, title: string, work: () => Promise<void>, timeout = 300_000): void {
  if (existsSync(folderOf(name))) {
    test(`${name}: ${title}`, work, timeout)
    return
  }
  const why = `left out: ${name} (no folder ${name} under ASSAY_DATA)`
  console.log(why)
  test.skip(why, silent)
}

/** What `assay try --json` would print for that folder, by way of JSON: a number that is none does not survive it. */
export async function tried(folder: string, mappingFile?: string): Promise<TryDocument> {
  const document = await tryFolder({ folder, mappingFile, tell: silent, log: quiet, signal: AbortSignal.timeout(900_000) })
  return checked(JSON.parse(JSON.stringify(document)) as TryDocument)
}

/** Holds a document to what the issue promises of it. */
export function checked(document: TryDocument): TryDocument {
  const keys = Object.keys(document).sort().join(' ')
  if (keys !== 'leftOut profile read readiness reports top') throw new Error(`the document has other keys: ${keys}`)
  // `metrics` of that schema are numbers: the null that JSON makes of NaN is refused here.
  for (const one of document.reports) report.parse(one)
  return document
}

export const reportOf = (document: TryDocument, miner: string): TryDocument['reports'][number] => {
  const found = document.reports.find((one) => one.miner === miner)
  if (!found) throw new Error(`no report of ${miner}; readiness: ${JSON.stringify(document.readiness)}`)
  return found
}

/** A figure of a report; of an interval its middle. */
export function figure(one: TryDocument['reports'][number], name: string): number {
  const value = one.metrics[name]
  return typeof value === 'object' ? value.value : (value ?? Number.NaN)
}

/** The figures of one report on one line, for whoever reads the log of a run. */
export function say(name: string, document: TryDocument): void {
  for (const one of document.reports) {
    const metrics = Object.entries(one.metrics).map(([key, value]) => `${key} ${round(typeof value === 'object' ? value.value : value)}`)
    console.log(
      `${name} · ${one.miner}: ${one.verdict}; ${one.protocol}, ${one.population.rows} rows, ${one.population.positives} positives; ${metrics.join(', ')}; ${one.why}`,
    )
    for (const beside of [...one.baselines, ...one.candidates]) console.log(`${name} · ${one.miner} ·   ${JSON.stringify(beside)}`)
  }
  for (const one of document.readiness) if (!one.ready) console.log(`${name} · ${one.miner}: not ready; ${one.note}`)
  if (document.leftOut.length > 0)
    console.log(`${name} · left out: ${document.leftOut.map(({ column, why }) => `${column} (${why})`).join('; ')}`)
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000
