import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { b2bWorld, columnsOf, EXPORTS, writeCsv } from '../src/index.ts'
import { bundlesOf } from './bundles.ts'

const folder = mkdtempSync(join(tmpdir(), 'world-'))
afterAll(() => rmSync(folder, { recursive: true }))
const world = b2bWorld({ accounts: 150 })

/** Values hold no quotes or line breaks in the files looked at here: the plain reading is enough. */
const linesOf = (file: string): string[][] => {
  const bytes = readFileSync(join(folder, file))
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
}

it('writes every record once, under the names of its body', async () => {
  const rows = await writeCsv(world, folder, { mapping: { horizonDays: 90 } })
  const bundles = bundlesOf(world)
  expect(rows['deals.csv']).toBe(bundles.reduce((sum, one) => sum + one.deals.length, 0))
  for (const [kind, { file }] of Object.entries(EXPORTS)) {
    const [header, ...lines] = linesOf(file)
    expect(header).toEqual(columnsOf(kind as keyof typeof EXPORTS))
    expect(lines).toHaveLength(rows[file]!)
  }
  const lines = linesOf('line-items.csv.gz').slice(1)
  expect(lines.map((line) => line[0])).toEqual(bundles.flatMap((one) => one.lineItems.map((line) => line.id)))
})

it('keeps instants to the millisecond and numbers to the last digit', () => {
  const [header, ...lines] = linesOf('deals.csv')
  const deals = new Map(bundlesOf(world).flatMap((one) => one.deals.map((deal) => [deal.id, deal])))
  for (const line of lines) {
    const cell = (name: string): string => line[header!.indexOf(name)]!
    const deal = deals.get(line[0]!)!
    expect(cell('closedAt')).toBe(new Date(deal.body.closedAt!).toISOString())
    expect(cell('updatedAt')).toBe(new Date(deal.version).toISOString())
    expect(cell('homeAmount') === '' ? null : Number(cell('homeAmount'))).toBe(deal.body.homeAmount)
  }
})

it('tells of merges and deletions and maps every section to its file', () => {
  const gone = bundlesOf(world)
  expect(
    linesOf('merges.csv')
      .slice(1)
      .map((line) => line[1]),
  ).toEqual(gone.flatMap((one) => one.merged.map((merged) => merged.id)))
  expect(
    linesOf('deletions.csv')
      .slice(1)
      .map((line) => line[1]),
  ).toEqual(gone.flatMap((one) => one.deleted.map((deleted) => deleted.id)))
  const mapping = JSON.parse(readFileSync(join(folder, 'mapping.json'), 'utf8')) as Record<string, unknown>
  expect(mapping).toMatchObject({
    horizonDays: 90,
    currency: 'EUR',
    accounts: { file: 'accounts.csv', stable: ['region'] },
    merges: { file: 'merges.csv' },
  })
})

it('rejects when the folder cannot be written', async () => {
  await expect(writeCsv(world, join(folder, 'deals.csv', 'below'))).rejects.toThrow()
})
