import { ASSAY_PREFIX } from '@assay/shared'
import { testClock, testHost, type ConnectorHarness } from '../../src/connector/index.ts'
import type { ReferenceSettings } from './connector.ts'
import { CAP, LAG, PAGE, referenceCrm, TOKEN, type ReferenceCrm } from './crm.ts'

export interface ReferenceHarness extends ConnectorHarness<ReferenceSettings> {
  /** For planted faults that reach behind the connector. */
  readonly inside: ReferenceCrm
}

/** The reference CRM with all its levers. */
export const startReference = (): Promise<ReferenceHarness> => {
  const clock = testClock(Date.UTC(2026, 0, 5, 9))
  const crm = referenceCrm(clock)
  const host = testHost(clock, (url, init) =>
    crm.fetch(url as string, {
      method: init?.method ?? 'GET',
      headers: init?.headers as Record<string, string>,
      ...(init?.body === undefined ? {} : { body: init.body as string }),
    }),
  )
  const find = (id: string) => {
    const row = crm.rows.find((entry) => entry.id === id)
    if (row === undefined) throw new Error(`no row ${id}`)
    return row
  }
  return Promise.resolve({
    settings: { token: TOKEN },
    secrets: [TOKEN],
    host,
    inside: crm,
    close: () => Promise.resolve(),
    crm: {
      kinds: ['account', 'deal', 'activity'],
      severalPages: PAGE * 4 + 3,
      searchCap: CAP,
      settleMs: 300_000 + LAG + 1,
      create: (kind, count) =>
        Promise.resolve(
          Array.from({ length: count }, (_, at) => {
            const row = crm.create(kind, `${kind} ${at}`)
            if (kind === 'deal') row.history.push({ value: 'new', at: clock.now() - 10 }, { value: 'talking', at: clock.now() })
            return row.id
          }),
        ),
      createBare: (kind) => Promise.resolve(crm.create(kind, null).id),
      change: (_, id, text) => {
        Object.assign(find(id), { name: text, modifiedAt: clock.now() })
        return Promise.resolve()
      },
      archive: (_, id) => {
        find(id).deletedAt = clock.now()
        return Promise.resolve()
      },
      mergeKinds: ['account'],
      merge: (_, winner, loser) => {
        Object.assign(find(loser), { deletedAt: clock.now(), mergedInto: winner })
        find(winner).modifiedAt = clock.now()
        return Promise.resolve(winner)
      },
      passTime: (ms) => clock.advance(ms),
      calls: () => crm.calls,
      faults: ['tooFast', 'dayUsedUp', 'unavailable', 'dropped', 'unanswered', 'silence', 'notJson', 'signedOut', 'noScope'],
      inject: (fault) => {
        crm.fault = fault
      },
      waits: [1500, 20_000],
      hideField: () => {
        crm.hidden.add('name')
        return 'name'
      },
      fields: () => Promise.resolve(crm.fields.map(({ name, type }) => ({ name, type }))),
      makeTextField: (_, name) => {
        crm.fields.push({ name: ASSAY_PREFIX + name, type: 'text', options: null, madeByAssay: false })
        return Promise.resolve()
      },
      fieldName: (field) => ASSAY_PREFIX + field.name,
      value: (_, id, field) => find(id).custom[ASSAY_PREFIX + field.name] ?? null,
      fillIn: (_, id, field, value) => {
        const row = find(id)
        row.custom[ASSAY_PREFIX + field.name] = value
        row.modifiedAt = clock.now()
        return Promise.resolve()
      },
      tasks: (_, id) => crm.tasks.filter((task) => task.about === id),
    },
  })
}
