import type { LiveRecord } from '@assay/shared'

/** A record as the CRM sends it. */
export interface WireAccount {
  readonly id: string
  readonly name: string | null
  readonly createdAt: string
  readonly modifiedAt: string
}

/**
 * One of the CRM's accounts in our words: what it does not say is null. `first` is true for a record that is seen for the first
 * time: it is dated to its creation, a change to its own instant.
 */
export const accountOf = ({ id, name, createdAt, modifiedAt }: WireAccount, first: boolean): LiveRecord<'account'> => ({
  kind: 'account',
  id,
  version: Date.parse(modifiedAt),
  knownAt: Date.parse(first ? createdAt : modifiedAt),
  deleted: false,
  body: {
    name: name === '' ? null : name,
    domain: null,
    industry: null,
    type: null,
    country: null,
    city: null,
    employees: null,
    annualRevenue: null,
    ownerId: null,
    parentId: null,
    createdAt: Date.parse(createdAt),
  },
  attributes: {},
})
