import { readdir, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { b2bWorld } from '@assay/worlds'
import { type Company, openCompany } from '../src/index.ts'

// A data directory of which a part is gone or damaged: said, and never taken for a company in which nothing happened.
const LONG = 10 * 60_000
let company: Company

beforeAll(async () => {
  company = await openCompany('lost', b2bWorld({ accounts: 20, seed: 9, plain: true, years: 1 }))
  expect((await company.run(...company.connectWords)).code).toBe(0)
}, LONG)
afterAll(() => company?.close())

interface Synced {
  readonly read: Readonly<Record<string, number>>
}

describe('the store is gone and the control plane is not', () => {
  test('the next sync reads everything anew and says why', { timeout: LONG }, async () => {
    const first = await company.answered<Synced>('sync')
    expect(first.read['deal']).toBeGreaterThan(0)
    await rm(join(company.home, 'mining'), { recursive: true })
    const again = await company.run('sync', '--json')
    expect(again.code, again.stderr).toBe(0)
    expect((JSON.parse(again.stdout) as Synced).read).toEqual(first.read)
    expect(again.stderr).toMatch(/holds nothing of .* although it was read before/)
    const third = await company.run('sync', '--json')
    expect(third.stderr).not.toMatch(/read anew/)
    expect((JSON.parse(third.stdout) as Synced).read['deal'] ?? 0).toBe(0)
  })
})

describe('the control plane is damaged', () => {
  test('is told with what to do, and not as a bug', { timeout: LONG }, async () => {
    const files = join(company.home, 'control', 'base')
    for (const entry of await readdir(files, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) await truncate(join(entry.parentPath, entry.name), 100)
    const ended = await company.run('status', '--json')
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(/control plane in .* cannot be opened: .*\n.*backup/)
    expect(ended.stderr).not.toMatch(/bug in Assay/)
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { kind: 'config' } })
  })
})
