import { readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { b2bWorld } from '@assay/worlds'
import { type Company, fieldsInCrm, inside, openCompany } from '../src/index.ts'

// A data directory of which a part is gone or damaged: said, and never taken for a company in which nothing happened.
const LONG = 10 * 60_000
let company: Company

beforeAll(async () => {
  company = await openCompany('lost', b2bWorld({ accounts: 20, seed: 9, plain: true, years: 1 }))
  expect((await company.run(...company.connectWords)).code).toBe(0)
}, LONG)
afterAll(() => company?.close())

interface Standing {
  readonly damage: { readonly tables: readonly { readonly table: string; readonly parts: number }[] } | null
  readonly records: readonly { readonly kind: string; readonly records: number; readonly deleted: number }[]
}

const held = ({ records }: Standing): readonly unknown[] => records.map(({ kind, records: living }) => [kind, living])

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

describe('files of the store are damaged', () => {
  test('is said in numbers, and nobody who is missing loses anything until everything was read anew', { timeout: LONG }, async () => {
    for (const words of ['define churn --accept proposed', 'mine', 'fields install', 'publish --continue'])
      expect((await company.run(...words.split(' '))).code, words).toBe(0)
    const records = async (): Promise<Standing> => (await company.answered<{ connections: Standing[] }>('status')).connections[0]!
    const whole = await records()
    const ids = await inside(company, async ({ store }, connection) => {
      const found = []
      for await (const some of store.living(connection, 'account')) found.push(...some)
      return found
    })
    const fields = fieldsInCrm(company, ids)
    expect(Object.values(fields).some((one) => Object.keys(one).length > 0)).toBe(true)
    for (const entry of await readdir(join(company.home, 'mining', 'store'), { recursive: true, withFileTypes: true }))
      if (entry.isFile() && entry.name.endsWith('.bin')) await writeFile(join(entry.parentPath, entry.name), 'overwritten')
    const said = /[1-9]\d* parts? of account_version/
    expect((await company.run('status')).stdout).toMatch(said)
    const { damage } = await records()
    expect(damage?.tables.map(({ table }) => table)).toEqual(expect.arrayContaining(['account_version', 'published_log', 'score_log']))
    for (const words of ['mine', 'publish', 'alerts']) {
      const ended = await company.run(words)
      expect(ended.code, words).toBe(2)
      expect(ended.stderr).toMatch(said)
      expect(ended.stderr).toMatch(/assay sync --full/)
    }
    expect(fieldsInCrm(company, ids)).toEqual(fields)
    expect((await company.run('sync', '--full')).code).toBe(0)
    const again = await records()
    expect(again.damage).toBeNull()
    expect(held(again)).toEqual(held(whole))
    // What is left of the scores is not what they were.
    expect((await company.run('publish')).stderr).toMatch(/no scores to publish yet/)
    expect((await company.run('mine')).code).toBe(0)
    expect((await company.run('publish')).code).toBe(0)
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
