import { heldBySuite, rowMaker, type ModuleName, type Row } from '@assay/crm-suitecrm'
import type { LiveRecord } from '@assay/shared'
import { b2bWorld, type Bundle, type World } from '@assay/worlds'

/**
 * A small company that can be written into any SuiteCRM over its API without doing harm: no users (they could sign in), no e-mails (saving one
 * may send it: they are calls), no contact beside a record but by its account, no owner, one currency. Everything else is the world of the
 * stand-ins, as SuiteCRM holds it.
 */
export function companyForApi(accounts: number, seed: number): World {
  const world = b2bWorld({ accounts, seed, plain: true })
  return heldBySuite({ ...world, users: [], bundle: (index) => tamed(world.bundle(index), world) })
}

function tamed(bundle: Bundle, { currency, rates }: World): Bundle {
  const own = <R extends LiveRecord>(record: R, body: object): R => ({ ...record, body: { ...record.body, ...body }, attributes: {} })
  return {
    ...bundle,
    account: own(bundle.account, { ownerId: null, parentId: null }),
    contacts: bundle.contacts.map((contact) => own(contact, { ownerId: null, email: null })),
    deals: bundle.deals.map((deal) => {
      const { amount, currency: code } = deal.body
      const rate = code === null ? 1 : (rates[code] ?? 1)
      return own(deal, { ownerId: null, contactId: null, currency, amount: amount === null ? null : Math.round(amount * rate * 100) / 100 })
    }),
    activities: bundle.activities.map((activity) =>
      own(activity, { ownerId: null, contactId: null, ...(activity.body.type === 'email' ? { type: 'call' } : {}) }),
    ),
    cases: bundle.cases.map((ticket) => own(ticket, { contactId: null })),
    merged: [],
    deleted: [],
  }
}

/** What is sent for one record. */
export interface Wanted {
  readonly module: ModuleName
  readonly id: string
  readonly attributes: Readonly<Record<string, string | number>>
}

/** Left out of what is sent: worked out by SuiteCRM, or not a field. */
const NOT_SENT: ReadonlySet<string> = new Set(['id', 'deleted', 'amount_usdollar', 'assigned_user_id', 'email1'])
/** Sent as numbers: a text would be read by the user's own signs. */
const NUMBERS: ReadonlySet<string> = new Set(['amount', 'duration_hours', 'duration_minutes'])

const attributesOf = (row: Row): Wanted['attributes'] =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      value === null || NOT_SENT.has(name) || name.startsWith('@') ? [] : [[name, NUMBERS.has(name) ? Number(value) : value] as const],
    ),
  )

/** Everything to be written, what others hang on first. `run` goes into the ids. */
export function wantedOf(company: World, run: string): readonly (readonly Wanted[])[] {
  const rows = rowMaker(company, run)
  const all: Wanted[] = []
  for (let index = 0; index < company.size; index += 1)
    for (const { module, row } of rows.bundle(company.bundle(index)))
      all.push({ module, id: String(row['id']), attributes: attributesOf(row) })
  const isFirst = ({ module }: Wanted): boolean => module === 'Accounts'
  const isSecond = ({ module }: Wanted): boolean => module === 'Opportunities' || module === 'Contacts'
  return [all.filter(isFirst), all.filter(isSecond), all.filter((each) => !isFirst(each) && !isSecond(each))]
}
