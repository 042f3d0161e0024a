import { createAccess, type Access } from './access.ts'
import { derivedValues, type Surroundings } from './derived.ts'
import type { Feature } from './fields.ts'
import { idOf, objectOfId } from './ids.ts'
import { OBJECTS, type ObjectName } from './objects.ts'
import { peopleRows, PRICEBOOK_ID, rightsOf, USER_IDS } from './people.ts'
import { createSchema, type Schema } from './schema.ts'
import { setupRows } from './setup-rows.ts'
import type { Source } from './source.ts'
import { createStore, type Store } from './store.ts'
import type { OrgFacts, Stage } from './to-salesforce.ts'
import { wholeSecond, type Row, type Value } from './values.ts'

export const BIN_DAYS = 15
/** Activities that ended longer ago are archived: only queryAll still finds them. */
const ARCHIVED_DAYS = 365
const DAY = 86_400_000
const FOUNDED = Date.UTC(2020, 0, 1)

/** One write that came in through the API, as it was stored. */
export interface Write {
  readonly object: ObjectName
  readonly id: string
  readonly operation: 'create' | 'update' | 'delete' | 'undelete'
  readonly values: Row
  readonly userId: string
  readonly at: number
  readonly by: 'rest' | 'bulk'
}

/** How the org is, where orgs differ. */
export interface Traits {
  readonly personAccounts: boolean
  readonly multiCurrency: boolean
  readonly integrationSees: 'everything' | 'nothing'
}

/** Everything behind the routes. */
export interface Org {
  readonly store: Store
  readonly schema: Schema
  readonly access: Access
  readonly traits: Traits
  readonly writes: Write[]
  now(): number
  facts(): OrgFacts
  load(source: (facts: OrgFacts) => Source, home: { readonly currency: string; readonly rates: Readonly<Record<string, number>> }): void
  stage(name: string): Stage
  /** Whether a row can be seen at all: live, or in the bin for less than 15 days. */
  isInBin(row: Row): boolean
  /** Makes a record with what Salesforce works out by itself; no checks. Gives the new id. */
  create(object: ObjectName, values: Row, userId: string): string
  update(object: ObjectName, id: string, values: Row, userId: string): void
  /** Into the bin, with what hangs on it. */
  delete(object: ObjectName, id: string, userId: string): void
  undelete(object: ObjectName, id: string, userId: string): void
  /** The loser goes into the bin and names the winner; its children move. */
  merge(object: ObjectName, winner: string, loser: string, userId: string): void
}

/** What goes with a record that is deleted, and moves with one that is merged. */
const CHILDREN: Partial<Record<ObjectName, readonly { readonly object: ObjectName; readonly field: string }[]>> = {
  Account: [
    { object: 'Contact', field: 'AccountId' },
    { object: 'Opportunity', field: 'AccountId' },
    { object: 'Case', field: 'AccountId' },
    { object: 'Task', field: 'WhatId' },
    { object: 'Event', field: 'WhatId' },
  ],
  Contact: [
    { object: 'Task', field: 'WhoId' },
    { object: 'Event', field: 'WhoId' },
    { object: 'Case', field: 'ContactId' },
  ],
  Opportunity: [{ object: 'OpportunityLineItem', field: 'OpportunityId' }],
}
/** Deleting these takes their children along; a contact leaves its activities and cases behind. */
const CASCADES: ReadonlySet<ObjectName> = new Set<ObjectName>(['Account', 'Opportunity'])

export function createOrg(now: () => number, traits: Traits): Org {
  const store = createStore()
  let customFields = 0
  let serial = 0
  const schema = createSchema(() => idOf('00N', (customFields += 1)))
  const access = createAccess(
    store,
    (userId) => rightsOf(userId, traits.integrationSees),
    (object) => 'setup' in OBJECTS[object],
  )
  const stages = new Map<string, Stage>()
  let facts: OrgFacts

  const around: Surroundings = {
    now: () => wholeSecond(now()),
    stage: (name) => org.stage(name),
    row: (object, id) => store.row(object, id),
    personAccounts: traits.personAccounts,
    serial: () => (serial += 1),
  }
  const touch = (userId: string): Row => {
    const at = wholeSecond(now())
    return { LastModifiedDate: at, LastModifiedById: userId, SystemModstamp: at }
  }

  const children = function* (object: ObjectName, id: string): Generator<{ object: ObjectName; field: string; id: string }> {
    for (const child of CHILDREN[object] ?? [])
      for (const row of store.below(child.object, [id]) ?? [])
        if (row[child.field] === id && row['IsDeleted'] !== true) yield { ...child, id: String(row['Id']) }
  }

  /** Stage, amount, close date and owner of an opportunity leave traces. */
  const remember = (id: string, before: Row | null, userId: string): void => {
    const row = store.row('Opportunity', id)
    if (row === null) return
    const at = wholeSecond(now())
    const head = { OpportunityId: id, CreatedById: userId, CreatedDate: at, IsDeleted: false }
    const changed = (field: string): boolean => (before?.[field] ?? null) !== (row[field] ?? null)
    if (before === null || ['StageName', 'Amount', 'CloseDate', 'Probability'].some(changed)) {
      const shown = ['StageName', 'Amount', 'ExpectedRevenue', 'CloseDate', 'Probability', 'ForecastCategory', 'CurrencyIsoCode']
      store.insert('OpportunityHistory', {
        ...head,
        SystemModstamp: at,
        ...Object.fromEntries(shown.map((name) => [name, row[name] ?? null])),
      })
    }
    const note = (field: string, type: string, oldValue: Value, newValue: Value): void =>
      void store.insert('OpportunityFieldHistory', { ...head, Field: field, DataType: type, OldValue: oldValue, NewValue: newValue })
    if (before === null) {
      note('created', 'Text', null, null)
      return
    }
    for (const [field, type] of [
      ['StageName', 'Text'],
      ['Amount', 'Currency'],
      ['CloseDate', 'DateOnly'],
    ] as const)
      if (changed(field)) note(field, type, before[field] ?? null, row[field] ?? null)
    if (changed('OwnerId')) {
      const name = (owner: Value | undefined): Value => store.row('User', String(owner))?.['Name'] ?? null
      note('Owner', 'Text', name(before['OwnerId']), name(row['OwnerId']))
      note('Owner', 'EntityId', before['OwnerId'] ?? null, row['OwnerId'] ?? null)
    }
  }

  const org: Org = {
    store,
    schema,
    access,
    traits,
    writes: [],
    now,
    facts: () => facts,
    load(sourceFor, { currency, rates }) {
      const archivedBefore = now() - ARCHIVED_DAYS * DAY
      facts = { archivedBefore, currency, rates, adminId: USER_IDS.admin, pricebookId: PRICEBOOK_ID, personAccounts: traits.personAccounts }
      const source = sourceFor(facts)
      const features = new Set<Feature>()
      if (traits.multiCurrency) features.add('multiCurrency')
      if (traits.personAccounts) features.add('personAccounts')
      store.load(source)
      schema.load(source, features)
      stages.clear()
      const rows = [...peopleRows(FOUNDED, currency), ...setupRows(source, facts, FOUNDED)]
      for (const { object, row } of rows) store.place(object, row)
      for (const { object, row } of rows)
        if (object === 'OpportunityStage')
          stages.set(String(row['ApiName']), { isClosed: row['IsClosed'] === true, isWon: row['IsWon'] === true })
    },
    stage: (name) => stages.get(name) ?? { isClosed: false, isWon: false },
    isInBin: (row) => row['IsDeleted'] !== true || Number(row['SystemModstamp'] ?? row['CreatedDate']) >= now() - BIN_DAYS * DAY,
    create(object, values, userId) {
      const at = wholeSecond(now())
      const defaults: Record<string, Value> = {}
      for (const field of schema.fields(object).values()) if (field.defaultValue !== undefined) defaults[field.name] = field.defaultValue
      if (schema.field(object, 'OwnerId') !== null) defaults['OwnerId'] = userId
      if (schema.field(object, 'CurrencyIsoCode') !== null) defaults['CurrencyIsoCode'] = facts.currency
      const row = { ...defaults, ...values }
      const stamps = { CreatedDate: at, CreatedById: userId, ...touch(userId) }
      const deleted = schema.field(object, 'IsDeleted') === null ? {} : { IsDeleted: false }
      const id = store.insert(object, { ...stamps, ...deleted, ...row, ...derivedValues(object, null, row, around) })
      if (object === 'Opportunity') remember(id, null, userId)
      if (object === 'OpportunityLineItem') hasLines(String(row['OpportunityId']))
      if (object === 'Account' && store.row('Account', id)?.['IsPersonAccount'] === true) makePerson(id, row, userId)
      return id
    },
    update(object, id, values, userId) {
      const before = store.row(object, id)
      store.write(object, id, { ...values, ...derivedValues(object, before, values, around), ...touch(userId) })
      if (object === 'Opportunity') remember(id, before, userId)
    },
    delete(object, id, userId) {
      if ('setup' in OBJECTS[object]) {
        store.erase(object, id)
        return
      }
      if (CASCADES.has(object)) for (const child of children(object, id)) org.delete(child.object, child.id, userId)
      store.write(object, id, { IsDeleted: true, ...touch(userId) })
    },
    undelete(object, id, userId) {
      store.write(object, id, { IsDeleted: false, ...touch(userId) })
    },
    merge(object, winner, loser, userId) {
      for (const child of children(object, loser)) org.update(child.object, child.id, { [child.field]: winner }, userId)
      store.write(object, loser, { IsDeleted: true, MasterRecordId: winner, ...touch(userId) })
      store.write(object, winner, touch(userId))
    },
  }

  function hasLines(opportunityId: string): void {
    if (objectOfId(opportunityId) === 'Opportunity')
      store.write('Opportunity', opportunityId, { HasOpportunityLineItem: true, SystemModstamp: wholeSecond(now()) })
  }

  /** The contact that every person account is as well. */
  function makePerson(accountId: string, row: Row, userId: string): void {
    const { FirstName = null, LastName = null, PersonEmail = null } = row
    const contactId = org.create(
      'Contact',
      { AccountId: accountId, FirstName, LastName, Email: PersonEmail, IsPersonAccount: true },
      userId,
    )
    store.write('Account', accountId, { PersonContactId: contactId })
  }

  return org
}
