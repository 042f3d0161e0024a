import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { b2bWorld } from '@assay/worlds'
import { assay, type Company, type Ended, filesWith, openCompany } from '../src/index.ts'

// What people get wrong, through the real command: a clear message, exit code 1 or 2, no stack, no secret.
const LONG = 10 * 60_000
const TOKEN = 'pat-na1-5ec2e75e-c2e7-4000-8000-5ec2e75ec2e7'
const WRONG = 'pat-na1-badbadba-dbad-4bad-8bad-badbadbadbad'
const world = b2bWorld({ accounts: 30, seed: 7, plain: true, years: 2 })
const spoken: string[] = []
let company: Company

const run = async (...words: string[]): Promise<Ended> => {
  const ended = await company.run(...words)
  spoken.push(ended.stdout, ended.stderr)
  return ended
}

/** Ended as it should, with a message and a hint, and not as a bug. */
function refused(ended: Ended, code: 1 | 2, said: RegExp): void {
  expect(ended.stderr).toMatch(said)
  expect(ended.code).toBe(code)
  // With --json what went wrong is the document.
  if (ended.stdout !== '') expect(ended.stderr).toContain((JSON.parse(ended.stdout) as { error: { message: string } }).error.message)
  expect(ended.stderr).not.toMatch(/bug in Assay|\n\s+at \S+ \(/)
}

beforeAll(async () => {
  company = await openCompany('bad', world, { token: TOKEN })
  await writeFile(join(company.home, '..', 'wrong.txt'), WRONG)
}, LONG)
afterAll(() => company?.close())

describe('before anything is connected', () => {
  test('a step says that there is no connection', { timeout: LONG }, async () => {
    refused(await run('sync', '--json'), 2, /No CRM is connected yet\.\n.*assay connect/)
  })
  test('connect names the connectors it knows', { timeout: LONG }, async () => {
    refused(await run('connect', 'notes', '--token-file', join(company.home, '..', 'wrong.txt')), 2, /no connector "notes"\.\n.*hubspot/)
  })
  test('connect without a token, and with a setting that there is not', { timeout: LONG }, async () => {
    refused(await run('connect', 'hubspot'), 2, /cannot be connected: token/)
    refused(await run(...company.connectWords, '--setting', 'speed=fast'), 2, /speed/)
  })
  test('a wrong token: not connected, and how to renew it', { timeout: LONG }, async () => {
    const words = ['connect', 'hubspot', '--token-file', join(company.home, '..', 'wrong.txt'), '--setting', `baseUrl=${company.crm.url}`]
    refused(await run(...words), 1, /401.*\n.*[Tt]oken/)
    expect((await run('status')).stdout).toMatch(/No CRM is connected/)
  })
  test('an unreachable CRM: not connected, and says so', { timeout: LONG }, async () => {
    const [crm, hubspot, flag, file] = company.connectWords
    refused(await run(crm!, hubspot!, flag!, file!, '--setting', 'baseUrl=http://127.0.0.1:9'), 1, /ECONNREFUSED|not.*reach|bad port/i)
  })
})

describe('a sign-in that may not do everything', () => {
  test('a missing scope is named with what to do; the other kinds are read', { timeout: LONG }, async () => {
    const all = [
      'oauth',
      ...['contacts', 'companies', 'deals', 'line_items', 'products', 'custom'].flatMap((name) => [
        `crm.objects.${name}.read`,
        `crm.objects.${name}.write`,
        `crm.schemas.${name}.read`,
        `crm.schemas.${name}.write`,
      ]),
      'crm.objects.owners.read',
      'e-commerce',
    ]
    company.crm.setScopes(all)
    company.crm.hideProperty('companies', 'industry')
    const connected = await run(...company.connectWords)
    expect(connected.code, connected.stderr).toBe(0)
    expect(connected.stdout).toMatch(/Missing: scope tickets\. Add it/)
    expect(connected.stdout).toMatch(/account .*not readable: industry/)
    expect(connected.stdout).toMatch(/case .*not readable: scope tickets is missing/)
  })
})

describe('in the wrong order', () => {
  test('report, publish and alerts before there is anything', { timeout: LONG }, async () => {
    refused(await run('report'), 2, /Nothing was mined yet\.\n.*assay sync/)
    refused(await run('publish'), 2, /no scores to publish yet\.\n.*assay mine/)
    refused(await run('alerts'), 2, /no churn model/)
  })
  test('define churn before anything was read accepts nothing', { timeout: LONG }, async () => {
    refused(await run('define', 'churn', '--accept', 'proposed'), 2, /were read yet.*\n.*assay sync/)
  })
  test('mine before sync says in numbers what is missing', { timeout: LONG }, async () => {
    const ended = await run('mine')
    expect(ended.code, ended.stderr).toBe(0)
    expect(ended.stdout).toMatch(/churn: not ready\. .*\d/)
    expect(ended.stdout).toMatch(/segments: not ready\. .*\d/)
    expect(ended.stdout).toMatch(/offers: not ready\. .*\d/)
  })
  test('sync reads what may be read and names what may not', { timeout: LONG }, async () => {
    const ended = await run('sync')
    expect(ended.code, ended.stderr).toBe(0)
    expect(ended.stdout).toMatch(/30 account|\d+ account/)
    expect(ended.stdout).toMatch(/Not read: case \(scope tickets is missing\)/)
  })
  test('publish before anybody said what lost means', { timeout: LONG }, async () => {
    expect((await run('mine', '--only', 'segments')).code).toBe(0)
    refused(await run('publish'), 2, /Nobody has accepted.*\n.*assay define churn/)
    expect(company.crm.writes).toEqual([])
  })
  test('define churn accepts the end of a subscription when that is what was asked for', { timeout: LONG }, async () => {
    const ended = await run('define', 'churn', '--from', 'end', '--accept', 'proposed')
    expect(ended.code, ended.stderr).toBe(0)
    expect(ended.stdout).toMatch(/Accepted: no active subscription/)
  })
  test('publish before the fields are there writes nothing, and says what makes them', { timeout: LONG }, async () => {
    expect((await run('define', 'churn', '--accept', 'proposed')).code).toBe(0)
    refused(await run('publish', '--continue'), 2, /fields are not in the CRM yet.*\n.*assay fields install/)
    expect(company.crm.writes).toEqual([])
  })
  test(
    'run leaves publishing out while the fields are not there, as it leaves other steps out, and comes to the alerts',
    { timeout: LONG },
    async () => {
      const ended = await run('run', '--json')
      expect(ended.code, ended.stderr).toBe(0)
      const { left } = JSON.parse(ended.stdout) as { left: string[] }
      expect(left).toEqual(['publish: the fields are not installed (assay fields install)', expect.stringMatching(/^alert: /) as string])
      expect(company.crm.writes).toEqual([])
    },
  )
})

describe('names of records', () => {
  test.each(['contact', 'contact:', ':5', 'planet:5', ''])('erase "%s" says how to write it', { timeout: LONG }, async (record) => {
    refused(await run('erase', record), 2, /names no record\.\n.*KIND:ID/)
  })
  test('link names a record that nobody has read', { timeout: LONG }, async () => {
    refused(await run('link', 'account:424242'), 2, /no account 424242.*\n.*assay sync/)
  })
  test('link needs an object', { timeout: LONG }, async () => {
    refused(await run('link', 'planet:5'), 2, /names no record\.\n.*OBJECT:ID/)
  })
  test('erasing an unknown record is no failure, and says that there was nothing', { timeout: LONG }, async () => {
    const ended = await run('erase', 'contact:424242')
    expect(ended.code, ended.stderr).toBe(0)
    expect(ended.stdout).toMatch(/There was nothing about it/)
  })
  test('a miner that there is not', { timeout: LONG }, async () => {
    refused(await run('report', 'astrology'), 2, /no miner "astrology"/)
    refused(await run('mine', '--only', 'astrology'), 2, /no miner "astrology"/)
  })
  test('a connection that there is not', { timeout: LONG }, async () => {
    refused(await run('sync', '--connection', 'elsewhere'), 2, /elsewhere/)
  })
})

describe('places that cannot be used', () => {
  const at = (environment: Readonly<Record<string, string>>, ...words: string[]): Promise<Ended> => {
    const options = company.options()
    return assay(words, { ...options, environment: { ...options.environment, ...environment } })
  }
  test('a data directory that is a file', { timeout: LONG }, async () => {
    refused(await at({ ASSAY_HOME: join(company.home, '..', 'wrong.txt') }, 'status'), 2, /cannot be used: EEXIST.*\n.*ASSAY_HOME/)
  })
  test('an address that is not of this machine', { timeout: LONG }, async () => {
    refused(await at({ ASSAY_HOST: '192.0.2.1' }, 'serve'), 2, /cannot listen on 192\.0\.2\.1.*\n.*ASSAY_HOST/)
  })
  test('a port that is taken', { timeout: LONG }, async () => {
    const { port } = new URL(company.crm.url)
    refused(await at({ ASSAY_PORT: port }, 'serve'), 2, /Port \d+ is taken\.\n.*ASSAY_PORT/)
  })
  test('a ClickHouse that is none, and one that is not there', { timeout: LONG }, async () => {
    refused(await at({ CLICKHOUSE_URL: company.crm.url }, 'status'), 2, /is no ClickHouse.*\n.*HTTP port/)
    refused(await at({ CLICKHOUSE_URL: 'http://127.0.0.1:9' }, 'status'), 1, /does not answer\n.*CLICKHOUSE_URL/)
  })
  test('a PostgreSQL that is not there', { timeout: LONG }, async () => {
    refused(
      await at({ DATABASE_URL: 'postgres://somebody:secret@127.0.0.1:9/assay' }, 'status'),
      1,
      /127\.0\.0\.1:9\/assay cannot be reached.*\n.*DATABASE_URL/,
    )
  })
})

describe('a sign-in that ends between two runs', () => {
  test('pauses the connection, says why, and goes on when it is renewed', { timeout: LONG }, async () => {
    company.crm.faults.next('*', { kind: 'status', status: 401, message: 'the token was revoked' }, 50)
    refused(await run('sync'), 1, /401.*\n.*token/)
    company.crm.faults.clear()
    const before = company.crm.requests.total
    refused(await run('sync'), 1, /is paused: .*\n.*assay connect/)
    expect(company.crm.requests.total, 'a paused connection asks nothing').toBe(before)
    expect((await run('status')).stdout).toMatch(/paused/)
    expect((await run(...company.connectWords)).stdout).toMatch(/Renewed/)
    expect((await run('sync')).code).toBe(0)
  })
})

test('no token stands in anything that was said or kept', { timeout: LONG }, async () => {
  for (const secret of [TOKEN, WRONG]) {
    expect(spoken.filter((text) => text.includes(secret))).toEqual([])
    expect(await filesWith(company.home, secret)).toEqual([])
    expect(await filesWith(company.home, Buffer.from(secret).toString('base64').slice(0, 40))).toEqual([])
  }
})
