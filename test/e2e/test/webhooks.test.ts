import { request } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startHubSpot } from '@assay/crm-hubspot'
import { isOwnership, listen, only, openApp, operations, readConfig, takeOwnership, webhookRouter } from '@assay/sidecar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { quiet, silent } from './folders.ts'

const SECRET = 'app-secret-4711'
const PORTAL = 123_456
const PUBLIC = 'https://assay.example.com/behind/a/proxy'
const SIGNAL = AbortSignal.timeout(500_000)
const COMPANIES = 400
const undoing: (() => unknown)[] = []

/** A portal of some hundred companies, synced once, that tells what happens in it to a sidecar behind a proxy. */
async function opened() {
  const home = await mkdtemp(join(tmpdir(), 'assay-told-'))
  undoing.unshift(() => rm(home, { recursive: true, force: true }))
  const crm = await startHubSpot({ limits: 'off', now: () => Date.UTC(2026, 10, 22, 9) })
  undoing.unshift(() => crm.close())
  const ids = Array.from({ length: COMPANIES }, (_, at) => {
    const company = crm.create('companies', { name: `Company ${at}` })
    const contact = crm.create('contacts', { firstname: 'Ada', lastname: `No. ${at}`, email: `ada.${at}@example.com` }, [
      { to: 'companies', id: company },
    ])
    const deal = crm.create('deals', { dealname: `Order ${at}`, amount: 100, dealstage: 'contractsent', pipeline: 'default' }, [
      { to: 'companies', id: company },
    ])
    return { company, contact, deal }
  })
  const ownership = await takeOwnership(home)
  if (!isOwnership(ownership)) throw new Error('nobody else knows this directory')
  undoing.unshift(() => ownership.release())
  const config = readConfig({ ASSAY_HOME: home, ASSAY_QUOTA_SHARE: '1', ASSAY_PUBLIC_URL: `${PUBLIC}/` })
  const warnings: string[] = []
  const app = await openApp(config, { ...quiet, warn: (message: string) => void warnings.push(message) }, ownership, () => crm.clock.now())
  undoing.unshift(() => app.close())
  const woken: string[] = []
  const { server, url } = await listen(only(webhookRouter(app, { told: async (id) => void woken.push(id) })), '127.0.0.1', 0)
  undoing.unshift(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const pace = { callsPerTenSeconds: 1_000_000, searchesPerSecond: 1_000 }
  const settings = { token: crm.token, baseUrl: crm.url, portal: PORTAL, appSecret: SECRET, ...pace }
  const { connection } = await operations.connect.run(app, { connector: 'hubspot', settings }, silent, SIGNAL)
  /** What a sync did, and how many calls it took. */
  const sync = async (told: boolean) => {
    const before = crm.requests.total
    const result = await operations.sync.run(app, { full: false, told }, silent, SIGNAL)
    return { ...result, calls: crm.requests.total - before }
  }
  // The first window closes well after everything was made.
  crm.clock.advance(3_600_000)
  await sync(false)
  crm.clock.advance(3_600_000)
  crm.webhooks.subscribe({ targetUrl: `${url}/webhooks/hubspot`, secret: SECRET })
  return {
    app,
    crm,
    connection,
    ids,
    sync,
    woken,
    warnings,
    url,
    /** As HubSpot signs it: over the address that it was given, which is the proxy's. */
    deliver: (more: object = {}) => crm.webhooks.deliver({ signedUrl: `${PUBLIC}/webhooks/hubspot`, ...more }),
    again: (more: object = {}) => crm.webhooks.again({ signedUrl: `${PUBLIC}/webhooks/hubspot`, ...more }),
    waiting: async (what: 'changed' | 'erased' = 'changed') =>
      (await app.control.told.waiting(connection, what, 10_000)).map(({ kind, id }) => `${kind} ${id}`),
    rows: <T>(sql: string, id: string) => app.store.driver.rows<T>(sql, { connection, id }),
  }
}

/** The newest version of a record, as far as these tests ask; undefined where nothing is kept. */
const COMPANY_OF = `SELECT account_id, deleted FROM contact_version WHERE connection = {connection:String} AND id = {id:String} ORDER BY version DESC, received_at DESC LIMIT 1`

describe('what HubSpot tells by itself', { timeout: 300_000 }, () => {
  let at: Awaited<ReturnType<typeof opened>>
  beforeAll(async () => {
    at = await opened()
  }, 600_000)
  afterAll(async () => {
    for (const undo of undoing.splice(0)) await undo()
  })

  test('is read by ids: a fraction of the calls of a whole sync, and links as well, which no date shows', async () => {
    const { crm, ids, sync, deliver, waiting, woken, connection, rows } = at
    for (const { company, deal } of ids.slice(0, 20)) {
      crm.update('companies', company, { name: 'Another name' })
      crm.update('deals', deal, { amount: 250 })
    }
    const moved = ids[30]!.contact
    crm.disassociate('contacts', moved, 'companies', ids[30]!.company)
    crm.associate('contacts', moved, 'companies', ids[31]!.company)
    expect(await deliver({ times: 2, backwards: true })).toEqual([204, 204])
    expect(new Set(woken)).toEqual(new Set([connection]))
    expect(await waiting()).toHaveLength(20 + 20 + 3)

    const told = await sync(true)
    expect(told.read).toEqual({ account: 22, deal: 20, dealHistory: expect.any(Number) as number, contact: 1 })
    expect(await waiting()).toEqual([])
    expect(await rows(COMPANY_OF, moved)).toEqual([{ account_id: ids[31]!.company, deleted: 0 }])
    const whole = await sync(false)
    // The windows still see what changed, and find it as it is.
    expect(whole.unchanged).toBeGreaterThanOrEqual(40)
    expect(whole.read).toMatchObject({ account: 20, deal: 20 })
    console.log(
      `webhooks · 20 companies, 20 deals and a link changed among ${3 * COMPANIES} records: ${told.calls} calls, ${whole.calls} for a whole sync`,
    )
    expect(told.calls).toBeLessThan(whole.calls / 3)
  })

  test('without being told, a link that changed stays unseen', async () => {
    const { crm, ids, sync, rows } = at
    const moved = ids[40]!.contact
    crm.disassociate('contacts', moved, 'companies', ids[40]!.company)
    crm.associate('contacts', moved, 'companies', ids[41]!.company)
    await sync(false)
    expect(await rows(COMPANY_OF, moved)).toEqual([{ account_id: ids[40]!.company, deleted: 0 }])
    await at.deliver()
    await sync(false)
    expect(await rows(COMPANY_OF, moved)).toEqual([{ account_id: ids[41]!.company, deleted: 0 }])
  })

  test('a person who is forgotten there is erased here, and does not come back with the deletion that follows', async () => {
    const { app, crm, ids, sync, deliver, again, waiting, rows } = at
    const { contact } = ids[50]!
    crm.gdprDelete(contact)
    // The deletion comes first, and everything twice.
    await deliver({ backwards: true })
    expect(await waiting('erased')).toEqual([`contact ${contact}`])
    await sync(true)
    expect(await rows(COMPANY_OF, contact)).toEqual([])
    const [entry] = await app.control.audit.list(1)
    expect(entry).toMatchObject({ actor: 'hubspot', action: 'erased' })
    expect(JSON.stringify(entry)).not.toContain(`"${contact}"`)
    crm.clock.advance(1000)
    await again()
    await sync(true)
    await sync(false)
    expect(await rows(COMPANY_OF, contact)).toEqual([])
    expect(await waiting('erased')).toEqual([])
  })

  test('deletions and merges', async () => {
    const { crm, ids, sync, deliver, rows } = at
    crm.archive('contacts', ids[60]!.contact)
    crm.merge('contacts', ids[61]!.contact, ids[62]!.contact)
    await deliver()
    expect((await sync(true)).deleted).toBe(2)
    for (const { contact } of [ids[60]!, ids[62]!]) expect(await rows(COMPANY_OF, contact)).toMatchObject([{ deleted: 1 }])
  })

  test('what Assay writes itself is no news, what people answer is', async () => {
    const { crm, ids, deliver, waiting, sync } = at
    crm.update('companies', ids[70]!.company, { assay_churn_risk: 44 })
    crm.update('companies', ids[71]!.company, { assay_offer_1_response: 'Accepted', assay_offer_1_code: 'SK-40' })
    await deliver()
    expect(await waiting()).toEqual([`account ${ids[71]!.company}`])
    await sync(true)
    expect(await at.app.control.feedback.list(at.connection)).toMatchObject([{ id: ids[71]!.company, response: 'Accepted' }])
  })

  test('a call that is sent once more does nothing; HubSpot trying again costs one look', async () => {
    const { crm, ids, deliver, again, waiting, sync, woken } = at
    crm.update('companies', ids[80]!.company, { name: 'Once' })
    expect(await deliver()).toEqual([204])
    await sync(true)
    const before = woken.length
    expect(await again()).toEqual([204])
    expect(await waiting()).toEqual([])
    expect(woken).toHaveLength(before)
    crm.clock.advance(1000)
    await again()
    expect(await waiting()).toEqual([`account ${ids[80]!.company}`])
    expect((await sync(true)).unchanged).toBe(1)
  })

  test.each([
    ['signed with another secret', { secret: 'not-the-secret' }],
    ['older than five minutes', { at: Date.UTC(2026, 10, 22, 9) }],
    ['signed for another address', { signedUrl: 'https://assay.example.com/webhooks/hubspot' }],
  ])('%s: 401, and nothing is kept', async (_name, how) => {
    const { crm, ids, deliver, waiting } = at
    crm.update('companies', ids[90]!.company, { name: 'Unheard' })
    expect(await deliver(how)).toEqual([401])
    expect(await waiting()).toEqual([])
  })

  test('of another portal: heard, and nothing is kept', async () => {
    const { app, crm, connection, ids, deliver, waiting } = at
    const { settings } = (await app.control.connections.list())[0]!
    await app.control.connections.renew(connection, { ...(settings as object), portal: 999 })
    crm.update('companies', ids[91]!.company, { name: 'Elsewhere' })
    expect(await deliver()).toEqual([204])
    expect(await waiting()).toEqual([])
    await app.control.connections.renew(connection, settings)
  })

  test('a body that is too large is not read to its end; what is no delivery gets no word', async () => {
    const { url, warnings } = at
    const post = (path: string, body: Buffer, headers: Record<string, string> = {}): Promise<number> =>
      new Promise((resolve, reject) => {
        const call = request(`${url}${path}`, { method: 'POST', headers: { 'content-length': body.length, ...headers } }, (answer) => {
          answer.resume()
          resolve(answer.statusCode ?? 0)
        })
        call.once('error', reject)
        call.end(body)
      })
    expect(await post('/webhooks/hubspot', Buffer.alloc(1_100_000, 32))).toBe(413)
    expect(await post('/webhooks/hubspot', Buffer.from('[]'))).toBe(401)
    expect(await post('/webhooks/hubspot', Buffer.from('[]'), { 'content-encoding': 'gzip' })).toBe(415)
    expect(await post('/webhooks/salesforce', Buffer.from('[]'))).toBe(404)
    expect(warnings.join(' ')).not.toContain(SECRET)
  })
})
