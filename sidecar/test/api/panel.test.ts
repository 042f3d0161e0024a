import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPanel, PANEL_FIELDS, type PanelFields } from '@assay/panel-model'
import { CHURN_FIELDS, COMMON_FIELDS, OFFER_FIELDS, type ScoreObject, SEGMENT_FIELDS } from '@assay/shared'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { panelRouter } from '../../src/api/panel.ts'
import { listen } from '../../src/api/server.ts'
import type { App } from '../../src/app.ts'
import { type Control, openControl } from '../../src/control/index.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { day, gone, live } from '../store/records.ts'

const SLOW = 120_000
const CONNECTION = 'crm'
const NOW = day('2026-11-22')
const PUBLISHED = {
  churn_risk: '72',
  churn_band: 'High',
  churn_signs_restricted: 'revenue fell (+9)',
  scored_at: '2026-11-21T02:30:00.000Z',
  secret: 'no panel field',
}

interface Answer {
  readonly name: string | null
  readonly fields: PanelFields
  readonly from: { readonly object: string; readonly name: string | null } | null
  readonly staleAfterDays: number
}

/** What the panel needs of an app, with real planes in a directory of its own. */
describe('the panel behind its link', { timeout: SLOW }, () => {
  const open: { home: string; url: string; control?: Control; store?: Store; server?: Server; warnings: string[]; down: boolean } = {
    home: '',
    url: '',
    warnings: [],
    down: false,
  }

  beforeAll(async () => {
    open.home = await mkdtemp(join(tmpdir(), 'assay-panel-'))
    open.control = await openControl({ home: open.home, organisation: 'acme' })
    await open.control.migrate()
    const store = await openStore({ dataDirectory: join(open.home, 'mining'), database: 'assay_acme' })
    open.store = store
    await store.migrate()
    await store.append(CONNECTION, [
      live('account', 'a1', '2026-01-01', { name: 'Brightwater <b>' }),
      live('account', 'a2', '2026-01-01', { name: 'Not yet scored' }),
      live('account', 'old', '2026-01-01', { name: 'Old name' }),
      gone('account', 'old', '2026-06-01', 'a1'),
      live('account', 'deleted', '2026-01-01', { name: 'Deleted Ltd' }),
      gone('account', 'deleted', '2026-06-01'),
      live('contact', 'c1', '2026-01-01', { name: 'Dana Osei', accountId: 'old' }),
      live('contact', 'c2', '2026-01-01', { name: 'Own scores', accountId: 'a1' }),
      live('deal', 'd1', '2026-01-01', { name: 'Refit', accountId: 'a2', contactId: 'c2' }),
      live('deal', 'd2', '2026-01-01', { name: 'Lonely deal' }),
    ])
    const said = (object: ScoreObject, id: string, risk: string) => ({
      object,
      id,
      run: 'r1',
      writtenAt: day('2026-11-21'),
      fields: { ...PUBLISHED, churn_risk: risk },
    })
    await store.logPublished(CONNECTION, [said('account', 'a1', '72'), said('contact', 'c2', '11')])
    await store.logPublished('another', [said('account', 'a2', '50')])
    const app = {
      control: open.control,
      get store() {
        if (open.down) throw new Error('Code: 210. Connection refused (clickhouse.internal:9000) password=hunter2')
        return store
      },
      log: { debug: () => {}, info: () => {}, warn: (text: string) => open.warnings.push(text) },
      now: () => NOW,
    } as unknown as App
    const listening = await listen(express().use(panelRouter(app)), '127.0.0.1', 0)
    open.server = listening.server
    open.url = listening.url
  }, SLOW)
  afterAll(async () => {
    open.server?.closeAllConnections()
    open.server?.close()
    await open.store?.close()
    await open.control?.close()
    await rm(open.home, { recursive: true, force: true })
  }, SLOW)

  const sign = (object: ScoreObject, id: string, expiresAt = NOW + 60_000): Promise<string> =>
    open.control!.links.sign({ connection: CONNECTION, object, id, expiresAt })
  const get = (path: string): Promise<Response> => fetch(`${open.url}${path}`)
  const data = async (object: ScoreObject, id: string): Promise<Answer> =>
    (await get(`/panel/${await sign(object, id)}/data`)).json() as Promise<Answer>

  it('answers with the page, which holds nothing of the record, under a strict policy', async () => {
    const response = await get(`/panel/${await sign('account', 'a1')}`)
    const page = await response.text()
    expect([response.status, response.headers.get('cache-control'), response.headers.get('referrer-policy')]).toEqual([
      200,
      'no-store',
      'no-referrer',
    ])
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'; require-trusted-types-for 'script'/,
    )
    expect(page).not.toMatch(/Brightwater|72/)
    for (const [, asset] of page.matchAll(/(?:src|href)="(\/[^"]+)"/g)) expect((await get(asset!)).status, asset).toBe(200)
  })

  it('gives the published fields that the panel reads, the name, and nothing else', async () => {
    const response = await get(`/panel/${await sign('account', 'a1')}/data`)
    const answer = (await response.json()) as Answer
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(Object.keys(answer).sort()).toEqual(['answerKey', 'fields', 'from', 'name', 'staleAfterDays'])
    expect(answer.name).toBe('Brightwater <b>')
    expect(Object.keys(answer.fields).sort()).toEqual(PANEL_FIELDS.filter((name) => name !== 'churn_signs_restricted').sort())
    expect([answer.fields.churn_risk, answer.fields.offer_1, answer.from, answer.staleAfterDays]).toEqual(['72', null, null, 10])
    expect(buildPanel(answer.fields, { now: NOW }).state).toBe('scored')
  })

  it.each([
    [
      'a contact shows its account, followed through a merge',
      'contact',
      'c1',
      { name: 'Dana Osei', risk: '72', from: { object: 'account', name: 'Brightwater <b>' } },
    ],
    ['a contact with scores of its own shows those', 'contact', 'c2', { name: 'Own scores', risk: '11', from: null }],
    [
      'a deal whose account has none shows its contact',
      'deal',
      'd1',
      { name: 'Refit', risk: '11', from: { object: 'contact', name: 'Own scores' } },
    ],
    ['a deal without customer shows none', 'deal', 'd2', { name: 'Lonely deal', risk: null, from: null }],
    ['an account that was merged is its winner', 'account', 'old', { name: 'Brightwater <b>', risk: '72', from: null }],
    ['scores of another connection are not shown', 'account', 'a2', { name: 'Not yet scored', risk: null, from: null }],
    ['a deleted record has no name', 'account', 'deleted', { name: null, risk: null, from: null }],
    ['a record nobody knows', 'account', 'x', { name: null, risk: null, from: null }],
  ] as const)('%s', async (_name, object, id, expected) => {
    const { name, fields, from } = await data(object, id)
    expect({ name, risk: fields.churn_risk, from }).toEqual(expected)
  })

  it('says the same to a link that is over, changed, or none, and nothing of any record', async () => {
    const good = await sign('account', 'a1')
    const over = await sign('account', 'a1', NOW)
    const other = (await sign('account', 'a2')).split('.')[1]!
    const bad = [over, `${good.split('.')[0]}.${other}`, `${good}x`, 'none', 'a.b.c', encodeURIComponent('<script>')]
    const pages = await Promise.all(
      bad.map(async (token) => [(await get(`/panel/${token}`)).status, await (await get(`/panel/${token}`)).text()]),
    )
    expect(new Set(pages.map((page) => JSON.stringify(page))).size).toBe(1)
    expect(pages[0]).toEqual([403, expect.stringContaining('assay link account:ID')])
    expect(await (await get('/panel/%E0%A4%A')).text()).toBe(pages[0]![1])
    for (const token of bad) {
      const response = await get(`/panel/${token}/data`)
      expect(response.status).toBe(403)
      expect(await response.json()).toEqual({ title: 'This link is over', text: expect.stringContaining('new one') })
    }
  })

  it('says in words that the store is down, and keeps the details to the log', async () => {
    open.down = true
    const response = await get(`/panel/${await sign('account', 'a1')}/data`)
    const text = await response.text()
    open.down = false
    expect(response.status).toBe(503)
    expect(text).toContain('Nothing is lost')
    expect(text).not.toMatch(/Code: 210|hunter2|at /)
    expect(open.warnings.join()).toContain('Connection refused')
  })
})

it('the panel knows every field that is published for a customer, apart from the days of answers', () => {
  const published = [...CHURN_FIELDS, ...SEGMENT_FIELDS, ...OFFER_FIELDS, ...COMMON_FIELDS].map((field) => field.name)
  expect(published.filter((name) => !name.endsWith('_response_at') && !PANEL_FIELDS.some((known) => known === name))).toEqual([])
})
