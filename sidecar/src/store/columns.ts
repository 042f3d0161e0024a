import type { Body, Kind } from '@assay/shared'

/**
 * What a column holds. `text` and `word` are strings (a word has few different values), `number` a double, `flag` 0 or 1,
 * `instant` a DateTime64(3) in UTC. All of them may be NULL: the CRM did not say.
 */
export type ColumnType = 'text' | 'word' | 'number' | 'flag' | 'instant'

/** The columns of every kind: tables, inserts and as-of views are made from this list and nothing else. */
export const COLUMNS: { readonly [K in Kind]: Readonly<Record<keyof Body<K>, ColumnType>> } = {
  account: {
    name: 'text',
    domain: 'text',
    industry: 'word',
    type: 'word',
    country: 'word',
    city: 'word',
    employees: 'number',
    annualRevenue: 'number',
    ownerId: 'word',
    parentId: 'text',
    createdAt: 'instant',
  },
  contact: {
    accountId: 'text',
    name: 'text',
    email: 'text',
    title: 'word',
    country: 'word',
    ownerId: 'word',
    createdAt: 'instant',
  },
  lead: {
    name: 'text',
    company: 'text',
    source: 'word',
    status: 'word',
    ownerId: 'word',
    createdAt: 'instant',
    convertedAt: 'instant',
    accountId: 'text',
    contactId: 'text',
  },
  deal: {
    name: 'text',
    accountId: 'text',
    contactId: 'text',
    ownerId: 'word',
    pipeline: 'word',
    stage: 'word',
    isClosed: 'flag',
    isWon: 'flag',
    amount: 'number',
    currency: 'word',
    homeAmount: 'number',
    type: 'word',
    createdAt: 'instant',
    closedAt: 'instant',
  },
  dealHistory: {
    dealId: 'text',
    field: 'word',
    value: 'text',
    isClosed: 'flag',
    isWon: 'flag',
    changedAt: 'instant',
  },
  lineItem: {
    dealId: 'text',
    productId: 'text',
    sku: 'text',
    name: 'text',
    quantity: 'number',
    unitPrice: 'number',
    amount: 'number',
    currency: 'word',
    createdAt: 'instant',
  },
  product: {
    name: 'text',
    sku: 'text',
    family: 'word',
    price: 'number',
    currency: 'word',
    isActive: 'flag',
    createdAt: 'instant',
  },
  activity: {
    type: 'word',
    direction: 'word',
    accountId: 'text',
    contactId: 'text',
    dealId: 'text',
    ownerId: 'word',
    happenedAt: 'instant',
    createdAt: 'instant',
    durationSeconds: 'number',
    outcome: 'word',
  },
  case: {
    accountId: 'text',
    contactId: 'text',
    subject: 'text',
    category: 'word',
    priority: 'word',
    status: 'word',
    createdAt: 'instant',
    closedAt: 'instant',
  },
  subscription: {
    accountId: 'text',
    contactId: 'text',
    productId: 'text',
    status: 'word',
    startedAt: 'instant',
    endedAt: 'instant',
    renewsAt: 'instant',
    monthlyAmount: 'number',
    currency: 'word',
    createdAt: 'instant',
  },
  campaign: {
    name: 'text',
    type: 'word',
    startedAt: 'instant',
    endedAt: 'instant',
    createdAt: 'instant',
  },
  campaignMember: {
    campaignId: 'text',
    contactId: 'text',
    leadId: 'text',
    status: 'word',
    respondedAt: 'instant',
    createdAt: 'instant',
  },
  user: {
    name: 'text',
    email: 'text',
    isActive: 'flag',
    createdAt: 'instant',
  },
}

export interface StoreColumn {
  /** As in the body: `ownerId`. */
  readonly member: string
  /** As in the database: `owner_id`. */
  readonly name: string
  readonly type: ColumnType
}

export const snakeCase = (member: string): string => member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** The columns of one kind, in order. */
export const columnsOf = (kind: Kind): readonly StoreColumn[] =>
  Object.entries(COLUMNS[kind]).map(([member, type]) => ({ member, name: snakeCase(member), type }))

/** The table of all versions of one kind. */
export const versionTable = (kind: Kind): string => `${kind}_version`
