import { readAll, writeAll } from '@assay/conformance'
import { CHURN_FIELDS, type CrmRecord, type Kind, type Session, type WriteResult } from '@assay/shared'
import { fieldName } from '@assay/sugar-family'
import type { ModuleName } from '@assay/crm-suitecrm'
import { describe, expect, it, onTestFinished } from 'vitest'
import { suitecrm } from '../src/index.ts'
import { passwordHash } from '../src/sign-in.ts'
import { decoded, instantOf, kept } from '../src/text.ts'
import { startHarness, type SuiteHarness } from './harness.ts'

/** One test for each trap that was proven on a running SuiteCRM 7.14.6. */

const started = async (...given: Parameters<typeof startHarness>): Promise<SuiteHarness & { readonly open: () => Session }> => {
  const harness = await startHarness(...given)
  onTestFinished(() => harness.close())
  return { ...harness, open: () => suitecrm.open(harness.settings, harness.host) }
}
const bodyOf = (records: readonly CrmRecord[], id: string): Record<string, unknown> => {
  const found = records.find((record) => record.id === id)
  if (found === undefined || found.deleted) throw new Error(`${id} was not read`)
  return { ...found.body }
}
const whyOf = (result: WriteResult | undefined): string => (result === undefined || result.outcome === 'written' ? '' : result.why)
const argumentsOf = ({ standIn }: SuiteHarness, method: string): Record<string, unknown>[] =>
  standIn.calls.filter(({ name }) => name === `v4_1 ${method}`).map(({ said }) => JSON.parse(said) as Record<string, unknown>)

describe('the traps of SuiteCRM', { timeout: 30_000 }, () => {
  it('1 · seconds are cut off in V8: versions and read-back have the true ones', async () => {
    const { open, crm, standIn } = await started()
    const [id = ''] = await crm.create('account', 1)
    standIn.clock.advance(17_000)
    standIn.update('Accounts', id, { name: 'Acme again' })
    const { records } = await readAll(open(), 'account')
    expect(records[0]?.version).toBe(standIn.clock.now())
    const at = Date.UTC(2026, 4, 4, 1, 2, 59)
    const [result] = await writeAll(open(), [{ object: 'account', id, values: { scored_at: new Date(at).toISOString() } }])
    expect(whyOf(result)).toBe('')
    expect(standIn.get('Accounts', id)?.[fieldName('scored_at')]).toBe('2026-05-04 01:02:59')
  })

  it('2 · the offset of an instant is a lie: its digits are UTC', async () => {
    expect(instantOf('2026-11-22T02:55:54-05:00')).toBe(Date.UTC(2026, 10, 22, 2, 55, 54))
    expect(instantOf('2026-11-22 02:55:54')).toBe(Date.UTC(2026, 10, 22, 2, 55, 54))
    expect(instantOf('2026-12-31')).toBe(Date.UTC(2026, 11, 31))
    const { open, crm, standIn } = await started({ quirks: { offset: '-05:00' } })
    const [id = ''] = await crm.create('account', 1)
    expect((await readAll(open(), 'account')).records[0]?.version).toBe(standIn.clock.now())
    const [result] = await writeAll(open(), [{ object: 'account', id, values: { scored_at: new Date(standIn.clock.now()).toISOString() } }])
    expect(whyOf(result)).toBe('')
  })

  it('3 · a value that is damaged behind a 201 is found by reading back, and the row is not called written', async () => {
    const { open, crm, standIn } = await started()
    const [id = ''] = await crm.create('account', 1)
    standIn.removeField('Accounts', fieldName('churn_signs'))
    standIn.makeField('Accounts', { name: fieldName('churn_signs'), type: 'varchar', len: 10 })
    const [short] = await writeAll(open(), [{ object: 'account', id, values: { churn_signs: 'no order for 94 days' } }])
    expect(short).toMatchObject({ outcome: 'rejected' })
    expect(whyOf(short)).toBe('assay_churn_signs_c: SuiteCRM keeps "no order f" instead of "no order for 94 days"')
    const [word] = await writeAll(open(), [{ object: 'account', id, values: { churn_risk: 'many' } }])
    expect(whyOf(word)).toContain('SuiteCRM keeps "0.00" instead of "many"')
    // Numbers go as numbers and instants in the one form that is kept: nothing of ours is damaged.
    const values = { churn_risk: 7.5, value_12m: 1234.5, scored_at: '2026-05-04T01:02:03.000Z', churn_band: 'High' }
    const [good] = await writeAll(open(), [{ object: 'account', id, values }])
    expect(whyOf(good)).toBe('')
    expect(standIn.writes.at(-1)?.values).toMatchObject({ assay_churn_risk_c: 7.5, assay_scored_at_c: '2026-05-04 01:02:03' })
  })

  it('4 · text that was mangled into HTML is read as it was meant, and what would vanish or be cut is made to fit', async () => {
    expect(decoded('A & B &lt;b&gt;bold&lt;/b&gt; 5 &lt; 6 &quot;q&quot; &#039;s&#039;')).toBe(`A & B <b>bold</b> 5 < 6 "q" 's'`)
    expect(decoded('&amp;lt; &unknown; &#0;')).toBe('&lt; &unknown; &#0;')
    expect(kept('Pump <b', 255)).toBe('Pump ‹b')
    expect(kept('5 < 6', 255)).toBe('5 < 6')
    const { open, crm, standIn } = await started()
    const [id = ''] = await crm.create('account', 1)
    standIn.update('Accounts', id, { name: `A & B "q" <i>'s'</i>` })
    standIn.makeField('Accounts', { name: 'motto_c', type: 'varchar', len: 255 })
    standIn.update('Accounts', id, { motto_c: `R&D "first"` })
    const { records } = await readAll(open(), 'account')
    expect(bodyOf(records, id)['name']).toBe(`A & B "q" <i>'s'</i>`)
    expect(records[0]).toMatchObject({ attributes: { motto_c: `R&D "first"` } })
    // In the column every sign takes six places: 255 of them would be cut in the middle of one.
    const signs = '"quiet" & late; '.repeat(15)
    const results = await writeAll(open(), [{ object: 'account', id, values: { churn_signs: signs, next_action: 'Ask for <Pump' } }])
    expect(whyOf(results[0])).toBe('')
    const stored = standIn.get('Accounts', id)?.[fieldName('churn_signs')] ?? ''
    expect(stored.length).toBeLessThanOrEqual(255)
    expect(decoded(stored)).toMatch(/…$/)
    expect(standIn.get('Accounts', id)?.[fieldName('next_action')]).toBe('Ask for ‹Pump')
  })

  it('5 · numbers and flags come as texts, nothing as an empty text', async () => {
    const { open, crm, standIn } = await started()
    const [id = ''] = await crm.create('deal', 1)
    standIn.update('Opportunities', id, { amount: '12500.50' })
    const deal = bodyOf((await readAll(open(), 'deal')).records, id)
    expect(deal).toMatchObject({ amount: 12500.5, homeAmount: 12500.5, currency: 'EUR', isClosed: false, type: null, accountId: null })
  })

  it('6 · deletions are read over v4_1, and no list of V8 is ever asked for', async () => {
    const harness = await started()
    const { open, crm, standIn } = harness
    const [living, gone = ''] = await crm.create('deal', 2)
    const { next } = await readAll(open(), 'deal')
    standIn.clock.advance(60_000)
    standIn.delete('Opportunities', gone)
    standIn.clock.advance(60_000)
    const { records } = await readAll(open(), 'deal', next)
    expect(records.filter(({ deleted }) => deleted).map(({ id }) => id)).toEqual([gone])
    expect(records.some(({ id, deleted }) => id === living && deleted)).toBe(false)
    expect(standIn.calls.filter(({ name }) => name === 'V8 GET module list')).toEqual([])
  })

  it('7 · a stamp can be set back over V8: Assay never sends one', async () => {
    const { open, crm, standIn, host } = await started()
    const [id = ''] = await crm.create('account', 1)
    await writeAll(open(), [{ object: 'account', id, values: { churn_risk: 4 } }])
    const task = {
      key: 'k',
      object: 'account',
      id,
      title: 'Call',
      body: 'b',
      ownerId: null,
      dueAt: host.now(),
      state: 'open',
      taskId: null,
    } as const
    await open().upsertTask(task)
    expect(standIn.writes).toHaveLength(2)
    for (const { values } of standIn.writes) expect(Object.keys(values)).not.toContain('date_modified')
  })

  it('8 · many records of one second: each is read once, page after page', async () => {
    const { open, crm } = await started({}, { pageSize: 10 })
    const ids = await crm.create('account', 35)
    const { records } = await readAll(open(), 'account')
    expect(records.map(({ id }) => id).sort()).toEqual([...ids].sort())
  })

  it('9 · pages are walked over v4_1, not by numbers of V8, and where the end cannot be counted it is found', async () => {
    const harness = await started({ quirks: { countsRows: false } }, { pageSize: 10 })
    const ids = await harness.crm.create('account', 20)
    const { records } = await readAll(harness.open(), 'account')
    expect(records.map(({ id }) => id).sort()).toEqual([...ids].sort())
    expect(harness.standIn.calls.some(({ said }) => said.includes('page['))).toBe(false)
  })

  it('10 · access denied is a 400: a missing right, not a bad value', async () => {
    const { open, crm, standIn } = await started()
    const [id = ''] = await crm.create('account', 1)
    standIn.forbid('Accounts', 'edit')
    const [result] = await writeAll(open(), [{ object: 'account', id, values: { churn_risk: 4 } }])
    expect(whyOf(result)).toContain('may not edit this record')
    standIn.forbid('Contacts')
    await expect(readAll(open(), 'contact')).rejects.toMatchObject({ kind: 'config', message: expect.stringContaining('Read on Contacts') })
    expect((await open().check()).missing.map(({ what }) => what)).toContain('Read on Contacts')
  })

  it('11 · an unknown field is a 400 that names the package, and an id that is taken makes no second task', async () => {
    const { open, crm, standIn, host } = await started()
    const [id = ''] = await crm.create('account', 1)
    standIn.uninstallPackage('assay')
    const [result] = await writeAll(open(), [{ object: 'account', id, values: { churn_risk: 4 } }])
    expect(result?.outcome).toBe('failed')
    expect(whyOf(result)).toMatch(/no field assay_churn_risk_c\. .*assay-suitecrm-1\.0\.0\.zip/)
    const task = {
      key: 'k',
      object: 'account',
      id,
      title: 'Call',
      body: 'b',
      ownerId: null,
      dueAt: host.now(),
      state: 'open',
      taskId: null,
    } as const
    const { taskId } = await open().upsertTask(task)
    standIn.delete('Tasks', taskId)
    // Deleted by a person, under an id that SuiteCRM gives to nobody again.
    expect(await open().upsertTask(task)).toEqual({ taskId, outcome: 'unchanged' })
    expect(standIn.all('Tasks')).toEqual([])
  })

  it('12 · the fields of the map that come with SuiteCRM are nobody’s attributes', async () => {
    const { open, crm } = await started()
    await crm.create('account', 1)
    const { records } = await readAll(open(), 'account')
    expect(JSON.stringify(records)).not.toContain('jjwg_maps')
  })

  it('13 · a history of deals is not promised', () => {
    expect(suitecrm.capabilities.history).toBe(false)
    expect(suitecrm.capabilities.kinds).not.toContain('dealHistory')
  })

  it.each(['name', 'place'] as const)('14 · arguments are found by their %s', async (argumentsBy) => {
    const harness = await started({ quirks: { argumentsBy } })
    const [id = ''] = await harness.crm.create('activity', 1)
    const session = harness.open()
    expect((await readAll(session, 'activity')).records.map((record) => record.id)).toEqual([id])
    expect((await readAll(session, 'user')).records.length).toBeGreaterThan(0)
    expect((await session.check()).account).toContain('7.14.6')
    expect(Object.keys(argumentsOf(harness, 'get_entry_list')[0] ?? {})).toEqual(
      'session module_name query order_by offset select_fields link_name_to_fields_array max_results deleted favorites'.split(' '),
    )
  })

  it('15 · the order is by bare columns, the conditions by columns with their table', async () => {
    const harness = await started({}, { pageSize: 10 })
    await harness.crm.create('deal', 15)
    await readAll(harness.open(), 'deal')
    const asked = argumentsOf(harness, 'get_entry_list').filter(({ module_name: name }) => name === 'Opportunities')
    expect(asked.length).toBeGreaterThan(1)
    for (const { order_by: order } of asked) expect(order).toBe('date_modified, id')
    expect(asked.at(-1)?.['query']).toMatch(/^\(opportunities\.date_modified > '.+' OR .+ opportunities\.id > '.+'\)+$/)
  })

  it('16 · deleted records come among the living, and are told apart by their flag', async () => {
    const harness = await started()
    const { open, crm, standIn } = harness
    const ids = await crm.create('contact', 3)
    standIn.clock.advance(700_000)
    const { next } = await readAll(open(), 'contact')
    standIn.clock.advance(700_000)
    standIn.delete('Contacts', ids[1] ?? '')
    await crm.change('contact', ids[2] ?? '', 'Director')
    const { records } = await readAll(open(), 'contact', next)
    expect(new Map(records.map(({ id, deleted }) => [id, deleted]))).toEqual(
      new Map([
        [ids[1], true],
        [ids[2], false],
      ]),
    )
    const [asked] = argumentsOf(harness, 'get_entry_list').slice(-1)
    expect(asked).toMatchObject({ deleted: 1 })
    expect(asked?.['select_fields']).toContain('deleted')
  })

  it('17 · the number of rows is always named: without it there are twenty', async () => {
    const harness = await started()
    const ids = await harness.crm.create('account', 30)
    const session = harness.open()
    await session.check()
    expect((await readAll(session, 'account')).records).toHaveLength(ids.length)
    for (const { max_results: most } of argumentsOf(harness, 'get_entry_list')) expect(Number(most)).toBeGreaterThan(0)
  })

  it('reads by links what hangs together: v4_1 shows it nowhere else', async () => {
    const { open, standIn } = await started()
    const account = standIn.create('Accounts', { name: 'Acme' })
    const contact = standIn.create('Contacts', { last_name: 'Lovelace', account_id: account })
    const deal = standIn.create('Opportunities', { name: 'Order', account_id: account, '@contacts': contact })
    const call = standIn.create('Calls', { name: 'Call', parent_type: 'Opportunities', parent_id: deal, '@contacts': contact })
    const session = open()
    expect(bodyOf((await readAll(session, 'deal')).records, deal)).toMatchObject({ accountId: account, contactId: contact })
    expect(bodyOf((await readAll(session, 'contact')).records, contact)).toMatchObject({ accountId: account })
    expect(bodyOf((await readAll(session, 'activity')).records, call)).toMatchObject({
      accountId: account,
      dealId: deal,
      contactId: contact,
    })
  })

  it('18 · nothing is ever written over v4_1, which would make a user out of a list of values', async () => {
    const { open, crm, standIn } = await started()
    const [id = ''] = await crm.create('account', 1)
    await writeAll(open(), [{ object: 'account', id, values: { churn_risk: 4 } }])
    await open().check()
    expect(new Set(standIn.writes.map(({ road, module }) => `${road} ${module}`))).toEqual(new Set(['V8 Accounts']))
    expect(standIn.calls.filter(({ name }) => name.startsWith('v4_1 set_'))).toEqual([])
  })

  it('tells nobody a wrong password, which SuiteCRM writes into its 500, and asks once', async () => {
    const { settings, host, standIn } = await started()
    const password = 'hunter2-is-wrong'
    const session = suitecrm.open({ ...settings, password }, host)
    const said: unknown[] = []
    for (const work of [() => session.check(), () => readAll(session, 'account'), () => session.plan(CHURN_FIELDS)])
      said.push(await work().catch((error: unknown) => error))
    for (const error of said) expect(error).toMatchObject({ kind: 'auth', hint: expect.stringContaining('password') })
    const heard = JSON.stringify([host.lines, said.map((error) => [String(error), (error as Error).stack, Object.values(error as object)])])
    expect(heard).not.toContain(password)
    expect(heard).not.toContain(passwordHash(password))
    expect(standIn.calls.length).toBe(3)
  })
})

describe('signing in to SuiteCRM', { timeout: 30_000 }, () => {
  it.each(['password', 'client_credentials'] as const)('works with a client that allows the %s grant, unnamed', async (grant) => {
    const { open } = await started({ grant })
    const check = await open().check()
    expect(check.missing).toEqual([])
    expect(check.signedInAs).toBe('integration (V8), integration (v4_1)')
    expect(check.surplus).toEqual([])
  })

  it('says when the two roads lead in as two users, and when one of them is an admin', async () => {
    const { settings, host, standIn } = await started({ grant: 'client_credentials' })
    const check = await suitecrm.open({ ...settings, username: 'admin', password: standIn.passwords.admin }, host).check()
    expect(check.missing.map(({ what }) => what)).toEqual(['one user on both roads: V8 is "integration", v4_1 is "admin"'])
    expect(check.surplus).toEqual(['System Administrator'])
  })

  it('goes on when token and session end in the middle', async () => {
    const { open, crm, standIn } = await started({}, { pageSize: 10 })
    const ids = await crm.create('account', 25)
    const session = open()
    const read: string[] = []
    for await (const page of session.read('account', null)) {
      read.push(...page.records.map(({ id }) => id))
      standIn.endSessions()
    }
    expect(read.sort()).toEqual([...ids].sort())
    const results = await writeAll(
      session,
      ids.map((id) => ({ object: 'account', id, values: { churn_risk: 4 } })),
    )
    expect(results.every(({ outcome }) => outcome === 'written')).toBe(true)
  })

  it('refuses to send passwords over plain http', async () => {
    const { settings } = await started()
    expect(suitecrm.settings.safeParse({ ...settings, url: 'http://crm.acme.example' }).success).toBe(false)
    expect(suitecrm.settings.safeParse({ ...settings, url: 'http://crm.acme.example', plainHttp: true }).success).toBe(true)
  })
})

describe('a SuiteCRM with troubles of its own', { timeout: 30_000 }, () => {
  it('loses one row to a record whose saving breaks down, not its neighbours', { timeout: 20_000 }, async () => {
    const { open, crm, standIn } = await started()
    const ids = await crm.create('account', 3)
    standIn.breakOn(ids[1] ?? '')
    const results = await writeAll(
      open(),
      ids.map((id) => ({ object: 'account', id, values: { churn_risk: 4 } })),
    )
    const outcomes = new Map(results.map(({ id, outcome }) => [id, outcome]))
    expect(ids.map((id) => outcomes.get(id))).toEqual(['written', 'failed', 'written'])
  })

  it('reads e-mails on, whose list breaks down over their deleted ones; those are missed after a week', async () => {
    const { open, standIn } = await started()
    const [staying = '', gone = ''] = ['kept', 'gone'].map((name) => standIn.create('Emails', { name, type: 'inbound' }))
    standIn.clock.advance(3_600_000)
    const first = await readAll(open(), 'activity')
    expect(first.records.map(({ id }) => id).toSorted()).toEqual([staying, gone].toSorted((left, right) => (left < right ? -1 : 1)))
    standIn.clock.advance(86_400_000)
    standIn.delete('Emails', gone)
    const added = standIn.create('Emails', { name: 'new', type: 'out' })
    standIn.clock.advance(3_600_000)
    const second = await readAll(open(), 'activity', first.next)
    expect(second.records.map(({ id, deleted }) => [id, deleted])).toEqual([[added, false]])
    async function* known() {
      yield await Promise.resolve([staying, gone, added])
    }
    standIn.clock.advance(8 * 86_400_000)
    const missed: string[] = []
    for await (const page of open().read('activity', second.next, known)) missed.push(...page.records.map(({ id }) => id))
    expect(missed).toEqual([gone])
    const named: [string, boolean][] = []
    for await (const page of open().readIds('activity', [staying, gone]))
      named.push(...page.records.map(({ id, deleted }): [string, boolean] => [id, deleted]))
    expect(named).toEqual([
      [staying, false],
      [gone, true],
    ])
  })

  it.each(['first', 'next'] as const)(
    'reads past a module whose list breaks down in the %s round, says so, and loses nothing of it',
    async (round) => {
      const { open, standIn, crm } = await started()
      const early = standIn.create('Meetings', { name: 'early', status: 'Held' })
      if (round === 'first') standIn.breakList('Meetings')
      standIn.clock.advance(3_600_000)
      let { next } = await readAll(open(), 'activity')
      standIn.breakList('Meetings')
      standIn.clock.advance(86_400_000)
      const late = standIn.create('Meetings', { name: 'late', status: 'Held' })
      const [call = ''] = await crm.create('activity', 1)
      standIn.clock.advance(3_600_000)
      const skipped: unknown[] = []
      const during: string[] = []
      for await (const page of open().read('activity', next)) {
        during.push(...page.records.map(({ id }) => id))
        skipped.push(...(page.skipped ?? []))
        next = page.next
      }
      expect(during).toEqual([call])
      expect(skipped).toEqual([{ kind: 'activity', why: expect.stringMatching(/^Meetings: SuiteCRM answered 500/) }])
      const { kinds } = await open().check()
      expect(kinds.find(({ source }) => source === 'Meetings')).toMatchObject({ readable: false, why: expect.stringContaining('500') })
      standIn.mendList('Meetings')
      standIn.clock.advance(86_400_000)
      const { records } = await readAll(open(), 'activity', next)
      expect(records.map(({ id }) => id).toSorted()).toEqual((round === 'first' ? [early, late] : [late]).toSorted())
    },
  )

  it('does not do without a module that is needed', async () => {
    const { open, standIn, crm } = await started()
    await crm.create('activity', 1)
    standIn.breakList('Calls')
    await expect(readAll(open(), 'activity')).rejects.toMatchObject({ kind: 'offline' })
  })

  it('takes a refused question for nothing that is gone', async () => {
    const { open, standIn, crm } = await started()
    const [id = ''] = await crm.create('account', 1)
    const session = open()
    await session.check()
    standIn.forbid('Accounts')
    await expect(writeAll(session, [{ object: 'account', id, values: { churn_risk: 4 } }])).resolves.not.toContainEqual(
      expect.objectContaining({ outcome: 'gone' }),
    )
    await expect(
      (async () => {
        for await (const page of session.readIds('account', [id])) expect(page.records).toEqual([])
      })(),
    ).rejects.toMatchObject({ kind: 'config' })
  })

  it('says of a record that was imported under an id of its own that V8 writes to none such', async () => {
    const { open, crm, standIn } = await started()
    const [good = ''] = await crm.create('account', 1)
    const imported = standIn.create('Accounts', { id: 'ERP-4711', name: 'Imported' })
    expect((await readAll(open(), 'account')).records.map(({ id }) => id).toSorted()).toEqual([good, imported].toSorted())
    const results = await writeAll(
      open(),
      [imported, good].map((id) => ({ object: 'account', id, values: { churn_risk: 4 } })),
    )
    const byId = new Map(results.map((result) => [result.id, result]))
    expect(byId.get(good)?.outcome).toBe('written')
    expect(byId.get(imported)?.outcome).toBe('rejected')
    expect(whyOf(byId.get(imported))).toMatch(/neither a number nor a UUID.*ERP-4711/)
  })

  it('finds what was pruned without a word, after a week', async () => {
    const { open, crm, standIn } = await started()
    const ids = await crm.create('account', 3)
    const { next } = await readAll(open(), 'account')
    standIn.erase('Accounts', ids[0] ?? '')
    async function* known() {
      yield await Promise.resolve(ids)
    }
    standIn.clock.advance(8 * 86_400_000)
    const gone: string[] = []
    for await (const page of open().read('account', next, known))
      gone.push(...page.records.filter(({ deleted }) => deleted).map(({ id }) => id))
    expect(gone).toEqual([ids[0]])
  })

  it('reads other currencies by the list, and money in the own one as SuiteCRM has it', async () => {
    const { open, standIn } = await started()
    const dollar = standIn.create('Currencies', { name: 'US Dollar', iso4217: 'USD' })
    const foreign = { name: 'Order', amount: 100, amount_usdollar: 92, currency_id: dollar, sales_stage: 'Closed Won' }
    const id = standIn.create('Opportunities', foreign)
    const deal = bodyOf((await readAll(open(), 'deal')).records, id)
    expect(deal).toMatchObject({ amount: 100, currency: 'USD', homeAmount: 92, isClosed: true, isWon: true })
  })

  it('refuses a cursor of another instance', async () => {
    const { open, crm, settings, host } = await started()
    await crm.create('account', 1)
    const { next } = await readAll(open(), 'account')
    const other = suitecrm.open({ ...settings, url: settings.url.replace('127.0.0.1', 'localhost') }, host)
    await expect(readAll(other, 'account', next)).rejects.toMatchObject({ kind: 'config' })
  })

  it('says which modules hold how much', async () => {
    const { open, crm } = await started()
    const modules: Partial<Record<Kind, ModuleName>> = { account: 'Accounts', deal: 'Opportunities' }
    await crm.create('account', 3)
    await crm.create('deal', 2)
    const { kinds } = await open().check()
    expect(kinds.find(({ source }) => source === modules.account)?.records).toBe(3)
    expect(kinds.find(({ source }) => source === modules.deal)?.records).toBe(2)
  })
})
