import type { LiveRecord } from '@assay/shared'
import { conversionRate, dateText, firstName, lastName } from '@assay/stand-in'
import type { Bundle, World } from '@assay/worlds'
import { suiteId } from './ids.ts'
import type { ModuleName } from './modules.ts'
import { instantText, linkColumn, type Row } from './values.ts'

/** A record of the world as a row of SuiteCRM: our words → SuiteCRM's fields. Pure. */

export const HOME_CURRENCY = '-99'

export interface Placed {
  readonly module: ModuleName
  readonly row: Row
}

const text = (value: number | null): string | null => (value === null ? null : String(value))
const day = (at: number | null): string | null => (at === null ? null : dateText(at))
const instant = (at: number | null): string | null => (at === null ? null : instantText(at))

/** Won and lost have fixed keys; all other stages keep the company's own. */
export const stageKey = (stage: string | null, isClosed: boolean | null, isWon: boolean | null): string | null =>
  isWon === true ? 'Closed Won' : isClosed === true ? 'Closed Lost' : stage

export const caseStatus = (status: string | null): string | null =>
  status === 'closed' ? 'Closed_Closed' : status === 'open' ? 'Open_New' : status

type ActivityModule = 'Calls' | 'Meetings' | 'Tasks' | 'Notes' | 'Emails'
export const activityModule = (type: LiveRecord<'activity'>['body']['type']): ActivityModule =>
  type === 'call' ? 'Calls' : type === 'meeting' ? 'Meetings' : type === 'note' ? 'Notes' : type === 'email' ? 'Emails' : 'Tasks'
export const statusOfOutcome = (outcome: string | null): string =>
  outcome === null || outcome === 'COMPLETED' || outcome === 'Held' ? 'Held' : 'Not Held'

/** `Cancellation reason` → `cancellation_reason_c`. */
export const customName = (title: string): string =>
  `${title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')}_c`

/** Makes rows of one world. `run` goes into the ids. */
export const rowMaker = (world: Pick<World, 'currency' | 'rates'>, run?: string) => {
  const id = (module: ModuleName, worldId: string | null): string | null => (worldId === null ? null : suiteId(module, worldId, run))
  const head = (module: ModuleName, record: LiveRecord, createdAt: number | null): Record<string, string | null> => {
    const created = createdAt ?? record.knownAt
    return {
      id: suiteId(module, record.id, run),
      date_entered: instantText(created),
      date_modified: instantText(Math.max(created, record.version)),
      deleted: '0',
      ...Object.fromEntries(
        Object.entries(record.attributes).map(([title, value]) => [customName(title), value === null ? null : String(value)]),
      ),
    }
  }
  const currencyId = (currency: string | null): string =>
    currency === null || currency === world.currency ? HOME_CURRENCY : suiteId('Currencies', Object.keys(world.rates).indexOf(currency))

  const account = (record: LiveRecord<'account'>): Placed => {
    const { body } = record
    return {
      module: 'Accounts',
      row: {
        ...head('Accounts', record, body.createdAt),
        name: body.name,
        account_type: body.type,
        industry: body.industry,
        annual_revenue: text(body.annualRevenue),
        employees: text(body.employees),
        website: body.domain === null ? null : `http://${body.domain}`,
        billing_address_country: body.country,
        billing_address_city: body.city,
        parent_id: id('Accounts', body.parentId),
        assigned_user_id: id('Users', body.ownerId),
      },
    }
  }
  const contact = (record: LiveRecord<'contact'>): Placed => {
    const { body } = record
    return {
      module: 'Contacts',
      row: {
        ...head('Contacts', record, body.createdAt),
        first_name: firstName(body.name ?? ''),
        last_name: lastName(body.name ?? ''),
        title: body.title,
        email1: body.email,
        primary_address_country: body.country,
        account_id: id('Accounts', body.accountId),
        assigned_user_id: id('Users', body.ownerId),
      },
    }
  }
  const deal = (record: LiveRecord<'deal'>): Placed => {
    const { body } = record
    const rate = body.currency === null || body.currency === world.currency ? 1 : conversionRate(world.rates[body.currency] ?? 1)
    return {
      module: 'Opportunities',
      row: {
        ...head('Opportunities', record, body.createdAt),
        name: body.name?.slice(0, 50) ?? null,
        account_id: id('Accounts', body.accountId),
        [linkColumn('contacts')]: id('Contacts', body.contactId),
        assigned_user_id: id('Users', body.ownerId),
        amount: text(body.amount),
        amount_usdollar: text(body.amount === null ? null : body.amount / rate),
        currency_id: currencyId(body.currency),
        date_closed: day(body.closedAt),
        sales_stage: stageKey(body.stage, body.isClosed, body.isWon),
        opportunity_type: body.type,
      },
    }
  }
  const activity = (record: LiveRecord<'activity'>): Placed => {
    const { body } = record
    const module = activityModule(body.type)
    const minutes = body.durationSeconds === null ? null : Math.round(body.durationSeconds / 60)
    const contactId = id('Contacts', body.contactId)
    const parent =
      body.dealId !== null
        ? { parent_type: 'Opportunities', parent_id: id('Opportunities', body.dealId) }
        : body.accountId !== null
          ? { parent_type: 'Accounts', parent_id: id('Accounts', body.accountId) }
          : { parent_type: null, parent_id: null }
    const timed = {
      date_start: instant(body.happenedAt),
      duration_hours: minutes === null ? null : String(Math.floor(minutes / 60)),
      duration_minutes: minutes === null ? null : String(minutes % 60),
    }
    const directed = body.direction === null ? null : body.direction === 'inbound' ? 'Inbound' : 'Outbound'
    const own: Readonly<Record<ActivityModule, Row>> = {
      Calls: { ...timed, status: statusOfOutcome(body.outcome), direction: directed, [linkColumn('contacts')]: contactId },
      Meetings: { ...timed, status: 'Held', [linkColumn('contacts')]: contactId },
      Tasks: {
        date_start: instant(body.happenedAt),
        date_due: instant(body.happenedAt),
        status: 'Completed',
        priority: 'Medium',
        contact_id: contactId,
      },
      Notes: { contact_id: contactId },
      Emails: {
        date_sent_received: instant(body.happenedAt),
        type: body.direction === null ? 'archived' : body.direction === 'inbound' ? 'inbound' : 'out',
        status: 'sent',
        [linkColumn('contacts')]: contactId,
      },
    }
    return {
      module,
      row: {
        ...head(module, record, body.createdAt),
        name: module.slice(0, -1),
        ...parent,
        assigned_user_id: id('Users', body.ownerId),
        ...own[module],
      },
    }
  }
  const ticket = (record: LiveRecord<'case'>): Placed => {
    const { body } = record
    const status = caseStatus(body.status)
    return {
      module: 'Cases',
      row: {
        ...head('Cases', record, body.createdAt),
        name: body.subject,
        account_id: id('Accounts', body.accountId),
        [linkColumn('contacts')]: id('Contacts', body.contactId),
        type: body.category,
        priority: body.priority,
        status,
        state: status === null ? null : status.startsWith('Closed') ? 'Closed' : 'Open',
      },
    }
  }
  const user = (record: LiveRecord<'user'>): Placed => {
    const { body } = record
    return {
      module: 'Users',
      row: {
        ...head('Users', record, body.createdAt),
        user_name: body.email ?? `user-${record.id}`,
        first_name: firstName(body.name ?? ''),
        last_name: lastName(body.name ?? ''),
        email1: body.email,
        status: body.isActive === true ? 'Active' : 'Inactive',
        is_admin: '0',
      },
    }
  }
  const deleted = (module: ModuleName, record: { readonly id: string; readonly version: number }): Placed => {
    const at = instantText(record.version)
    return { module, row: { id: suiteId(module, record.id, run), date_entered: at, date_modified: at, deleted: '1' } }
  }
  const bundle = (made: Bundle): Placed[] => [
    account(made.account),
    ...made.contacts.map(contact),
    ...made.deals.map(deal),
    ...made.activities.map(activity),
    ...made.cases.map(ticket),
    ...made.merged.map((each) => deleted('Accounts', each)),
    ...made.deleted.map((each) =>
      // A tombstone does not say what kind of activity it was: deleted ones are tasks.
      deleted(each.kind === 'contact' ? 'Contacts' : each.kind === 'deal' ? 'Opportunities' : 'Tasks', each),
    ),
  ]
  return { bundle, user }
}

export const currencyRows = (world: Pick<World, 'currency' | 'rates'>): Placed[] =>
  Object.entries(world.rates)
    .map(([code, rate], position): Placed => ({
      module: 'Currencies',
      row: {
        id: suiteId('Currencies', position),
        name: code,
        symbol: code,
        iso4217: code,
        conversion_rate: String(conversionRate(rate)),
        status: 'Active',
        deleted: '0',
        date_entered: '2020-01-01 00:00:00',
        date_modified: '2020-01-01 00:00:00',
      },
    }))
    .filter(({ row }) => row['iso4217'] !== world.currency)
