import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { b2bWorld, openDeals } from '@assay/worlds'
import { type Company, type Ended, mustEndWell, openCompany, type Running } from '../src/index.ts'

// One directory, several commands at once: the owner works, the others are its clients or say why not.
const LONG = 15 * 60_000
const RACES = 10
const world = b2bWorld({ accounts: 60, seed: 5, plain: true, years: 2 })
let company: Company

/** Waits until `assay serve` has said where it is. */
async function serving(serve: Running): Promise<{ url: string }> {
  const life = { over: false }
  void serve.ended.then(() => (life.over = true))
  while (!serve.stdout().includes('}')) {
    if (life.over) throw new Error(`assay serve ended:\n${serve.stdout()}${serve.stderr()}`)
    await sleep(20)
  }
  return JSON.parse(serve.stdout()) as { url: string }
}

const noBug = (ended: Ended): void => expect(ended.stdout + ended.stderr).not.toMatch(/bug in Assay|\n\s+at \S+ \(/)

beforeAll(async () => {
  company = await openCompany('owner', world)
  await company.answered(...company.connectWords)
  await company.answered('sync')
}, LONG)
afterAll(() => company?.close())

describe('commands beside assay serve', () => {
  let serve: Running
  beforeAll(async () => {
    serve = company.start('serve', '--json')
    await serving(serve)
  }, LONG)
  afterAll(async () => {
    serve.kill('SIGTERM')
    await serve.ended
  }, LONG)

  test('work through it, with progress, all at once', { timeout: LONG }, async () => {
    mustEndWell(['define'], await company.run('define', 'churn', '--accept', 'proposed', '--json'))
    const [status, mine, check] = await Promise.all([
      company.run('status', '--json'),
      company.run('mine', '--json'),
      company.run('check', '--json'),
    ])
    for (const ended of [status, mine, check]) {
      expect(ended.code, ended.stderr).toBe(0)
      expect(() => JSON.parse(ended.stdout) as unknown).not.toThrow()
    }
    expect(mine.stderr).toMatch(/features: .*\n(.*\n)*score: /)
    const [report, dry, people] = await Promise.all([
      company.run('report', '--json'),
      company.run('publish', '--dry-run', '--json'),
      company.run('report'),
    ])
    expect((JSON.parse(report.stdout) as { reports: unknown[] }).reports.length).toBeGreaterThan(0)
    expect((JSON.parse(dry.stdout) as { bill: { records: number } }).bill.records).toBe(world.size + openDeals(world))
    expect(people.stdout).toMatch(/offers: /)
    expect(company.crm.writes).toEqual([])
  })

  test('what they may not do ends as it would without it', { timeout: LONG }, async () => {
    const [record, miner] = await Promise.all([company.run('erase', 'nonsense'), company.run('report', 'astrology')])
    expect([record.code, miner.code]).toEqual([2, 2])
    expect(record.stderr).toMatch(/names no record/)
    expect(miner.stderr).toMatch(/no miner "astrology".*\n.*Known: churn/s)
    for (const ended of [record, miner]) noBug(ended)
  })

  test('a second serve says that there is one, and ends with 2', { timeout: LONG }, async () => {
    const second = await company.run('serve')
    expect(second.code).toBe(2)
    expect(second.stderr).toMatch(new RegExp(`belongs to another assay process already \\(${serve.pid}\\)`))
  })

  test('the card with its token is for the owner of the files only', () => {
    expect(statSync(join(company.home, 'owner.json')).mode & 0o777).toBe(0o600)
    expect(serve.stdout() + serve.stderr()).not.toMatch(/"token"/)
  })

  test('a stranger on the same machine gets nothing', { timeout: LONG }, async () => {
    const { url } = JSON.parse(serve.stdout()) as { url: string }
    for (const headers of [{}, { authorization: 'Bearer guess' }]) {
      const answer = await fetch(`${url}/api/operations/status`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      })
      expect(answer.status).toBe(401)
    }
  })
})

test('a command whose serve is killed says so and ends with 1; the next one works by itself', { timeout: LONG }, async () => {
  const serve = company.start('serve', '--json')
  await serving(serve)
  const mine = company.start('mine', '--refit', '--json')
  let heard = false
  mine.onLine(() => (heard = true))
  while (!heard) await sleep(20)
  serve.kill('SIGKILL')
  const ended = await mine.ended
  expect(ended.code).toBe(1)
  expect(JSON.parse(ended.stdout)).toMatchObject({ error: { kind: 'offline' } })
  expect(ended.stderr).toMatch(/running assay serve (broke off|does not answer)/)
  noBug(ended)
  await serve.ended
  const after = await company.answered<{ runs: { step: string; state: string }[] }>('status')
  expect(after.runs[0]).toMatchObject({ step: 'score', state: 'failed' })
})

test('serve ends by itself on SIGTERM, and leaves the directory free', { timeout: LONG }, async () => {
  const serve = company.start('serve', '--json')
  await serving(serve)
  serve.kill('SIGTERM')
  const ended = await serve.ended
  expect([ended.code, ended.signal]).toEqual([0, null])
  mustEndWell(['status'], await company.run('status'))
})

test(`two commands at once, ${RACES} times: never two owners, and who waits says why`, { timeout: LONG }, async () => {
  let refused = 0
  for (let race = 0; race < RACES; race++) {
    const both = await Promise.all([company.run('status', '--json'), company.run('status', '--json')])
    const codes = both.map((ended) => ended.code)
    expect(codes, both.map((ended) => ended.stderr).join('\n')).toContain(0)
    for (const ended of both) {
      noBug(ended)
      if (ended.code === 0) {
        expect(() => JSON.parse(ended.stdout) as unknown).not.toThrow()
        continue
      }
      refused++
      expect(ended.code).toBe(2)
      expect(ended.stderr).toMatch(/Another assay command is working on .*\n.*assay serve/)
    }
  }
  process.stdout.write(`  ${RACES} races: ${refused} times the second was told to wait\n`)
  expect(refused, 'races in which both wanted the directory at once').toBeGreaterThan(0)
})
