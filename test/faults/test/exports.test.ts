import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assay, type Ended, start } from '../src/index.ts'

// Bad exports through the real `assay try`: a clear message, exit code 1 or 2, and what was good is kept.
const LONG = 10 * 60_000
const DAY = 86_400_000
let directory: string

const tried = (exports: string, ...words: string[]): Promise<Ended> => assay(['try', exports, ...words], { home: join(directory, 'home') })

async function folder(name: string, files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const path = join(directory, name)
  await mkdir(path)
  for (const [file, content] of Object.entries(files)) await writeFile(join(path, file), content)
  return path
}

/** Customers (a dozen) with an order every few weeks, as a CRM would export its won deals. */
function orders(spoil: (row: readonly string[], number: number) => readonly string[] = (row) => row, customers = 12): string {
  const rows: (readonly string[])[] = []
  for (let customer = 0; customer < customers; customer++) {
    for (let k = 0; k < 8; k++) {
      const day = new Date(Date.UTC(2025, 0, 5) + (customer + k * (20 + (customer % 7) * 5)) * DAY).toISOString().slice(0, 10)
      rows.push([`D${customer * 8 + k}`, `C${customer}`, day, String(100 + customer), 'Won'])
    }
  }
  return ['id,account,closed,amount,stage', ...rows.map((row, i) => spoil(row, i).join(','))].join('\n') + '\n'
}
const MAPPING = {
  deals: {
    file: 'orders.csv',
    id: 'id',
    account: 'account',
    closedAt: 'closed',
    amount: 'amount',
    stage: { column: 'stage', won: ['Won'] },
  },
}
const mapping = (file = 'orders.csv'): string => JSON.stringify({ deals: { ...MAPPING.deals, file } })

function refused(ended: Ended, said: RegExp): void {
  expect(ended.stderr).toMatch(said)
  expect([1, 2]).toContain(ended.code)
  expect(ended.stdout).toBe('')
  expect(ended.stderr).not.toMatch(/bug in Assay|\n\s+at \S+ \(/)
}

interface Document {
  readonly read: { readonly records: Readonly<Record<string, number>>; readonly aside: number }
  readonly profile: unknown
}
function read(ended: Ended): Document {
  expect(ended.stderr).not.toMatch(/bug in Assay|\n\s+at \S+ \(/)
  expect(ended.code, ended.stderr).toBe(0)
  return JSON.parse(ended.stdout) as Document
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'assay-faults-exports-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

describe('nothing can be read', () => {
  test('no such folder', { timeout: LONG }, async () => {
    refused(await tried(join(directory, 'nowhere')), /cannot be read: ENOENT\n.*folder/)
  })
  test('a folder without a table', { timeout: LONG }, async () => {
    refused(await tried(await folder('none', { 'notes.txt': 'hello' })), /no \.csv or \.csv\.gz file in .*\n.*notes\.txt/)
  })
  test('an empty file', { timeout: LONG }, async () => {
    refused(await tried(await folder('empty', { 'orders.csv': '', 'mapping.json': mapping() })), /orders\.csv .*(empty|no header|no line)/i)
  })
  test('an unknown key in mapping.json is named, with the one that was meant', { timeout: LONG }, async () => {
    const wrong = JSON.stringify({ horizonDay: 90, deals: { ...MAPPING.deals, acount: 'account' } })
    const ended = await tried(await folder('unknown', { 'orders.csv': orders(), 'mapping.json': wrong }))
    refused(ended, /mapping\.json: .*horizonDay/)
    expect(ended.stderr).toMatch(/acount/)
    expect(ended.code).toBe(2)
  })
  test('a mapping.json that is no JSON', { timeout: LONG }, async () => {
    refused(await tried(await folder('nojson', { 'orders.csv': orders(), 'mapping.json': '{ deals: ' })), /mapping\.json is no JSON/)
  })
  test('a column that is not there, with the one that was meant', { timeout: LONG }, async () => {
    const wrong = JSON.stringify({ deals: { ...MAPPING.deals, amount: 'amuont' } })
    refused(await tried(await folder('column', { 'orders.csv': orders(), 'mapping.json': wrong })), /no column "amuont".*amount/)
  })
})

describe('what is good is kept', () => {
  test('a date that is none and a row too short are kept aside with line and reason', { timeout: LONG }, async () => {
    const spoiled = orders((row, i) => (i === 10 ? [row[0]!, row[1]!, '2025-02-30', ...row.slice(3)] : i === 20 ? row.slice(0, 2) : row))
    const document = read(await tried(await folder('dates', { 'orders.csv': spoiled, 'mapping.json': mapping() }), '--json'))
    expect(document.read.records['deal']).toBeGreaterThanOrEqual(94)
    expect(document.read.aside).toBeGreaterThanOrEqual(1)
    expect(JSON.stringify(document.profile)).toMatch(/2025-02-30|"line":12/)
  })
  test('two rows with one id are one record, and said to be', { timeout: LONG }, async () => {
    const spoiled = orders((row, i) => (i === 10 ? ['D9', ...row.slice(1)] : row))
    const document = read(await tried(await folder('twice', { 'orders.csv': spoiled, 'mapping.json': mapping() }), '--json'))
    expect(document.read.records['deal']! - document.read.aside).toBeLessThanOrEqual(95)
    expect(JSON.stringify([document.profile, document.read])).toMatch(/D9|duplicate|twice|more than once/i)
  })
  test('a truncated .csv.gz: read as far as it goes, and said to be cut off', { timeout: LONG }, async () => {
    const noisy = orders((row, i) => [...row.slice(0, 3), String(100 + ((i * 7919) % 4001)), row[4]!])
    const packed = gzipSync(noisy)
    const ended = await tried(
      await folder('cut', {
        'orders.csv.gz': packed.subarray(0, Math.floor(packed.length * 0.7)),
        'mapping.json': mapping('orders.csv.gz'),
      }),
      '--json',
    )
    const said = ended.stdout + ended.stderr
    expect(said).toMatch(/truncated|cut off|ends too early|unexpected end|incomplete/i)
    expect(said).not.toMatch(/bug in Assay/)
    const { records } = read(ended).read
    expect(records['deal'], 'rows before the cut').toBeGreaterThan(30)
    expect(records['deal']).toBeLessThan(96)
  })
  test('a quote that is never closed: said where reading ended, to people too', { timeout: LONG }, async () => {
    const spoiled = orders((row, i) => (i === 60 ? [...row.slice(0, 4), '"Won'] : row))
    const ended = await tried(await folder('unclosed', { 'orders.csv': spoiled, 'mapping.json': mapping() }))
    expect(ended.code, ended.stderr).toBe(0)
    expect(ended.stdout).toMatch(/orders\.csv: nothing behind line 62 was read: a quote is opened and never closed/)
  })
  test('an empty file beside a good one is named, and the good one is read', { timeout: LONG }, async () => {
    const document = read(
      await tried(await folder('beside', { 'orders.csv': orders(), 'customers.csv': '', 'mapping.json': mapping() }), '--json'),
    )
    expect(document.read.records['deal']).toBe(96)
  })
})

test('the folder and the home are left as they were', { timeout: LONG }, async () => {
  expect((await readdir(join(directory, 'twice'))).toSorted()).toEqual(['mapping.json', 'orders.csv'])
  expect(await readdir(directory)).not.toContain('home')
})

describe('stopped', () => {
  test.each(['features: ', 'fit: '])(
    'while it is at "%s": ends soon, says so once, and leaves no store behind',
    { timeout: LONG },
    async (step) => {
      const name = `stopped-${step.slice(0, 3)}`
      const exports = await folder(name, { 'orders.csv': orders(undefined, 3000), 'mapping.json': mapping() })
      const temporary = await folder(`${name}-tmp`, {})
      const running = start(['try', exports, '--json'], { home: join(directory, 'home'), environment: { TMPDIR: temporary } })
      while (!running.stderr().includes(step)) await setTimeout(20)
      const at = performance.now()
      running.kill('SIGTERM')
      const ended = await running.ended
      expect(performance.now() - at).toBeLessThan(20_000)
      expect(ended.code, ended.stderr).toBe(1)
      expect(JSON.parse(ended.stdout)).toMatchObject({ error: { kind: 'stopped' } })
      expect(ended.stderr).toContain('Stopped.')
      expect(await readdir(temporary)).toEqual([])
    },
  )
})
