import { z } from 'zod'

/** Every kind of record that Assay understands. A connector declares which of them it can read. */
export const KINDS = [
  'account',
  'contact',
  'lead',
  'deal',
  'dealHistory',
  'lineItem',
  'product',
  'activity',
  'case',
  'subscription',
  'campaign',
  'campaignMember',
  'user',
] as const
export type Kind = (typeof KINDS)[number]

const text = z.string().nullable()
const number = z.number().nullable()
const flag = z.boolean().nullable()
/** An instant in epoch milliseconds (UTC). */
const instant = z.number().nullable()

/**
 * What a record of each kind says. Every member may be null: the CRM did not say. Never a zero, a blank or
 * a made-up date in its place. Ids are source ids of the same connection. Money is in `currency`
 * (ISO 4217), as the CRM holds it. `createdAt` is the CRM's own creation day, which in a migrated CRM is
 * the import day.
 */
export const BODIES = {
  account: z.object({
    name: text,
    domain: text,
    industry: text,
    type: text,
    country: text,
    city: text,
    employees: number,
    annualRevenue: number,
    ownerId: text,
    parentId: text,
    createdAt: instant,
  }),
  contact: z.object({
    accountId: text,
    name: text,
    email: text,
    title: text,
    country: text,
    ownerId: text,
    createdAt: instant,
  }),
  lead: z.object({
    name: text,
    company: text,
    source: text,
    status: text,
    ownerId: text,
    createdAt: instant,
    convertedAt: instant,
    accountId: text,
    contactId: text,
  }),
  /** `closedAt` of an open deal is a plan, not an event: readers must ask `isClosed` first. */
  deal: z.object({
    name: text,
    accountId: text,
    contactId: text,
    ownerId: text,
    pipeline: text,
    stage: text,
    isClosed: flag,
    isWon: flag,
    amount: number,
    currency: text,
    /** The amount in the company's own currency, by the CRM's own rate at the deal's date; null where the CRM does not convert. */
    homeAmount: number,
    type: text,
    createdAt: instant,
    closedAt: instant,
  }),
  /** One change of one field of a deal. For `stage` the two flags say what that stage means. */
  dealHistory: z.object({
    dealId: z.string(),
    field: z.enum(['stage', 'amount', 'closedAt', 'ownerId']),
    value: text,
    isClosed: flag,
    isWon: flag,
    changedAt: z.number(),
  }),
  lineItem: z.object({
    dealId: text,
    productId: text,
    sku: text,
    name: text,
    quantity: number,
    unitPrice: number,
    amount: number,
    currency: text,
    createdAt: instant,
  }),
  product: z.object({ name: text, sku: text, family: text, price: number, currency: text, isActive: flag, createdAt: instant }),
  /** `happenedAt` is when it took place; `createdAt` when it was logged, which may be much later. */
  activity: z.object({
    type: z.enum(['call', 'email', 'meeting', 'note', 'task', 'other']).nullable(),
    direction: z.enum(['inbound', 'outbound']).nullable(),
    accountId: text,
    contactId: text,
    dealId: text,
    ownerId: text,
    happenedAt: instant,
    createdAt: instant,
    durationSeconds: number,
    outcome: text,
  }),
  case: z.object({
    accountId: text,
    contactId: text,
    subject: text,
    category: text,
    priority: text,
    status: text,
    createdAt: instant,
    closedAt: instant,
  }),
  subscription: z.object({
    accountId: text,
    contactId: text,
    productId: text,
    status: text,
    startedAt: instant,
    endedAt: instant,
    renewsAt: instant,
    monthlyAmount: number,
    currency: text,
    createdAt: instant,
  }),
  campaign: z.object({ name: text, type: text, startedAt: instant, endedAt: instant, createdAt: instant }),
  campaignMember: z.object({
    campaignId: text,
    contactId: text,
    leadId: text,
    status: text,
    respondedAt: instant,
    createdAt: instant,
  }),
  user: z.object({ name: text, email: text, isActive: flag, createdAt: instant }),
} as const satisfies Record<Kind, z.ZodObject>

export type Body<K extends Kind> = z.infer<(typeof BODIES)[K]>

/** The attribute in which a reader of files keeps a row's number where the rows stand in time order; never a feature. */
export const ROW_ATTRIBUTE = '#row'

/** A column that no body names, under the CRM's own name. Dates as ISO 8601 text. */
export type Attribute = string | number | boolean | null

interface RecordHead<K extends Kind> {
  readonly kind: K
  /** The CRM's own id. (connection, kind, id) is the key everywhere. */
  readonly id: string
  /** Orders the versions of one record; the CRM's modification instant in ms where it has one. */
  readonly version: number
  /** When the company knew what this version says (epoch ms). Later as-of days see it, earlier ones do not. */
  readonly knownAt: number
}

/** One version of one record, as the company knew it from `knownAt` on. */
export interface LiveRecord<K extends Kind = Kind> extends RecordHead<K> {
  readonly deleted: false
  readonly body: Body<K>
  /** The CRM's other columns; miners use one only when it is declared stable or found clean. */
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** A record that is gone. `mergedInto` names the winner of a merge, so that a merge is no loss of a customer. */
export interface Tombstone<K extends Kind = Kind> extends RecordHead<K> {
  readonly deleted: true
  readonly mergedInto: string | null
}

export type CrmRecord<K extends Kind = Kind> = { [P in K]: LiveRecord<P> | Tombstone<P> }[K]
