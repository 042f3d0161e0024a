import type { Server } from 'node:http'
import { AssayError } from '@assay/shared'
import express from 'express'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { panelRouter } from '../../src/api/panel.ts'
import { listen } from '../../src/api/server.ts'
import type { App } from '../../src/app.ts'
import { keepAnswers } from '../../src/flow/sync/answers.ts'
import { publishedRecord } from '../../src/store/publishing.ts'
import { fakeCrm } from '../flow/fake-crm.ts'
import { openedPlanes, SLOW } from '../flow/planes.ts'
import { day, live } from '../store/records.ts'

const planes = openedPlanes()
const NOW = day('2026-11-22')
const OFFERS = { churn_risk: '72', offer_1: 'Seal kit', offer_1_code: 'SK', offer_2: 'Oil' }

/** A CRM with an account that has two offers, a contact below it, and the panel in front of both. */
async function opened({ writes = true } = {}) {
  const connection = await planes.connect()
  const crm = fakeCrm()
  const { control, store } = planes
  await store.append(connection, [
    live('account', 'a', '2026-01-01', { name: 'Brightwater' }),
    live('contact', 'c', '2026-01-01', { name: 'Dana', accountId: 'a' }),
  ])
  await store.logPublished(connection, [{ object: 'account', id: 'a', run: 'r', writtenAt: day('2026-11-21'), fields: OFFERS }])
  const broken: { session: boolean; until: Promise<unknown> } = { session: false, until: Promise.resolve() }
  const app = {
    control,
    store,
    log: { debug: () => {}, info: () => {}, warn: () => {} },
    now: () => NOW,
    connection: async () => ({ id: connection, connector: 'fake', title: 'crm', settings: {}, state: 'active' }),
    connector: () => ({ title: 'The fake CRM', capabilities: { write: writes, objects: ['account'] } }),
    session: () => {
      if (broken.session) throw new Error('ECONNREFUSED 10.0.0.7 password=hunter2')
      return { ...crm.session, write: (...all: Parameters<typeof crm.session.write>) => late(broken.until, crm.session.write(...all)) }
    },
  } as unknown as App
  const { server, url } = await listen(express().use(panelRouter(app)), '127.0.0.1', 0)
  servers.push(server)
  const link = (object: 'account' | 'contact', id: string, more: { answers?: boolean; expiresAt?: number } = {}) =>
    control.links.sign({ connection, object, id, expiresAt: NOW + 60_000, answers: true, ...more })
  const token = await link('account', 'a')
  const data = async (of = token) =>
    (await (await fetch(`${url}/panel/${of}/data`)).json()) as { answerKey: string | null; fields: Record<string, string | null> }
  return {
    crm,
    broken,
    link,
    data,
    token,
    async post(
      body: unknown,
      { headers = {}, to = token, type = 'application/json' }: { headers?: Record<string, string>; to?: string; type?: string } = {},
    ) {
      const key = (await data(to)).answerKey ?? ''
      const response = await fetch(`${url}/panel/${to}/answer`, {
        method: 'POST',
        headers: { 'content-type': type, 'x-assay-answer': key, ...headers },
        body: JSON.stringify(body),
      })
      const text = await response.text()
      return [response.status, text.startsWith('{') ? (JSON.parse(text) as { text: string }).text : text] as const
    },
    known: async () =>
      (await control.feedback.list(connection)).map(({ object, id, offer, response }) => `${object} ${id} ${offer}: ${response}`),
    /** The next sync finds in the CRM what stands there. */
    async sync() {
      const fields = crm.fields.get('a') ?? {}
      const attributes = Object.fromEntries(Object.entries(fields).map(([name, value]) => [`assay_${name}`, value]))
      const record = live('account', 'a', '2026-01-01', {}, { version: NOW + 3_600_000, attributes })
      await keepAnswers(
        control,
        connection,
        [record],
        async (object, id) => (await publishedRecord(store, connection, object, id))?.fields ?? null,
      )
    },
  }
}
async function* late<T>(until: Promise<unknown>, all: AsyncIterable<T>): AsyncIterable<T> {
  await until
  yield* all
}
type Opened = Awaited<ReturnType<typeof opened>>
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const ACCEPT = { rank: 1, offer: 'SK', value: 'Accepted', day: '2026-11-22' } as const
const FORBIDDEN = expect.stringContaining('reading only')

describe('an answer given on the panel page', { timeout: SLOW }, () => {
  it('is refused in words where twenty others wait for a CRM that is slow, and the twenty are kept', async () => {
    const panel = await opened()
    const slow = Promise.withResolvers<null>()
    panel.broken.until = slow.promise
    // Until the first is on its way; the others line up behind it.
    const statuses: number[] = []
    const presses = Array.from({ length: 22 }, async () => {
      const [status] = await panel.post(ACCEPT)
      statuses.push(status)
      return status
    })
    await vi.waitFor(() => expect(statuses).toEqual([503, 503]), { timeout: 60_000 })
    slow.resolve(null)
    expect((await Promise.all(presses)).filter((status) => status === 503)).toHaveLength(2)
  })

  it('stands in the CRM and here, is shown, and the next sync counts it once', async () => {
    const panel = await opened()
    expect(await panel.post(ACCEPT)).toEqual([200, ''])
    expect(panel.crm.rows).toEqual([
      { object: 'account', id: 'a', values: { offer_1_response: 'Accepted', offer_1_response_at: '2026-11-22' } },
    ])
    expect((await panel.data()).fields['offer_1_response']).toBe('Accepted')
    for (let night = 0; night < 2; night++) await panel.sync()
    expect(await panel.known()).toEqual(['account a SK: Accepted'])
  })

  it('that is thought over on the same day is one answer, and taken back it is none', async () => {
    const panel = await opened()
    await panel.post(ACCEPT)
    await panel.post({ ...ACCEPT, value: 'Not now' })
    expect(await panel.known()).toEqual(['account a SK: Not now'])
    expect(await panel.post({ ...ACCEPT, value: null })).toEqual([200, ''])
    expect(panel.crm.fields.get('a')).toEqual({ offer_1_response: null, offer_1_response_at: null })
    await panel.sync()
    expect(await panel.known()).toEqual([])
    expect((await panel.data()).fields['offer_1_response']).toBeNull()
  })

  it('on a contact without scores of its own is an answer of its account', async () => {
    const panel = await opened()
    expect(await panel.post({ ...ACCEPT, rank: 2, offer: 'Oil' }, { to: await panel.link('contact', 'c') })).toEqual([200, ''])
    expect(panel.crm.rows[0]).toMatchObject({ object: 'account', id: 'a' })
    expect(await panel.known()).toEqual(['account a offer_2: Accepted'])
    await panel.sync()
    expect(await panel.known()).toEqual(['account a offer_2: Accepted'])
  })

  it.each([
    ['refuses it', true, 'Only Assay knows it: rejected by the fake CRM'],
    ['takes nothing back', false, 'Only Assay knows it: The fake CRM takes nothing back.'],
  ])('is kept here where the CRM %s, which is said; an older answer in the field counts for nothing new', async (_how, writes, text) => {
    const panel = await opened({ writes })
    panel.crm.answer = () => 'rejected'
    panel.crm.fields.set('a', { offer_1_response: 'Not relevant', offer_1_response_at: '2026-06-01' })
    await planes.control.feedback.put((await planes.control.connections.list()).at(-1)!.id, [
      { object: 'account', id: 'a', offer: 'old', response: 'Not relevant', at: day('2026-06-01') + 1 },
    ])
    expect(await panel.post(ACCEPT)).toEqual([200, text])
    await panel.sync()
    expect(await panel.known()).toEqual(['account a old: Not relevant', 'account a SK: Accepted'])
    expect(await panel.post({ ...ACCEPT, value: null })).toEqual([200, ''])
    expect(await panel.known()).toEqual(['account a old: Not relevant'])
  })

  it.each([
    ['is down', (panel: Opened): void => void (panel.crm.answer = () => 'failed'), [503, 'failed by the fake CRM']],
    [
      'has no more calls left',
      (panel: Opened): void =>
        void (panel.crm.before = () => {
          throw new AssayError('limit', 'The allowance of today is spent.')
        }),
      [503, 'The allowance of today is spent.'],
    ],
    ['cannot be signed in to', (panel: Opened): void => void (panel.broken.session = true), [503, expect.not.stringContaining('hunter2')]],
  ] as const)('is not kept where the CRM %s', async (_how, breaks, answer) => {
    const panel = await opened()
    breaks(panel)
    expect(await panel.post(ACCEPT)).toEqual(answer)
    expect(await panel.known()).toEqual([])
    expect((await panel.data()).fields['offer_1_response']).toBeNull()
  })

  it('belongs to the offer that the page showed', async () => {
    const panel = await opened()
    expect(await panel.post({ ...ACCEPT, offer: 'HO' })).toEqual([409, ''])
    expect(await panel.post({ ...ACCEPT, rank: 3 })).toEqual([409, ''])
    expect([await panel.known(), panel.crm.rows]).toEqual([[], []])
  })

  it('needs the key of this very link, asked for by this very page', async () => {
    const panel = await opened()
    const other = (await panel.data(await panel.link('contact', 'c'))).answerKey!
    const refused: Parameters<typeof panel.post>[1][] = [
      { headers: { 'x-assay-answer': '' } },
      { headers: { 'x-assay-answer': other } },
      { headers: { 'sec-fetch-site': 'cross-site' } },
      { headers: { 'sec-fetch-site': 'same-site' } },
      { to: await panel.link('account', 'a', { answers: false }) },
      { to: await panel.link('account', 'a', { expiresAt: NOW }) },
      { to: 'none' },
    ]
    for (const how of refused) expect(await panel.post(ACCEPT, how), JSON.stringify(how)).toEqual([403, FORBIDDEN])
    expect((await panel.data(await panel.link('account', 'a', { answers: false }))).answerKey).toBeNull()
    // What a form of another page can send is no answer.
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) expect((await panel.post(ACCEPT, { type }))[0]).toBe(400)
    expect([await panel.known(), panel.crm.rows]).toEqual([[], []])
  })

  it.each([
    ['another word', { ...ACCEPT, value: 'Perhaps' }, 400],
    ['another place', { ...ACCEPT, rank: 4 }, 400],
    ['no day', { ...ACCEPT, day: 'yesterday' }, 400],
    ['a day that cannot be', { ...ACCEPT, day: '2026-11-25' }, 422],
    ['nothing', null, 400],
  ])('is one of three words about one of three places on about this day, not %s', async (_name, body, status) => {
    const panel = await opened()
    expect((await panel.post(body))[0]).toBe(status)
    expect(await panel.known()).toEqual([])
  })
})
