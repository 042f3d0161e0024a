import type { LiveRecord } from '@assay/shared'
import type { Bundle, World } from '@assay/worlds'

/** How many people work for one account. */
const PER_ACCOUNT = 10
const FIRST = { account: 10_000_000_000, contact: 20_000_000_000 } as const
const STARTS = Date.UTC(2024, 0, 1)
const TODAY = Date.UTC(2026, 10, 2)
const COUNTRIES = ['Germany', 'France', 'Italy', 'Poland', 'Spain']
const TITLES = ['Buyer', 'Head of Operations', 'Engineer', 'Managing Director', null]

/** A company with many contacts and nothing else: quick to make, for measuring how fast a reader is and what memory it needs. */
export function contactsWorld(contacts: number): World {
  const size = Math.ceil(contacts / PER_ACCOUNT)
  const locate = (first: number, most: number, id: string): number | null => {
    const position = Number(id) - first
    return Number.isInteger(position) && position >= 0 && position < most ? position : null
  }
  return {
    name: 'contacts',
    seed: 0,
    size,
    startsAt: STARTS,
    today: TODAY,
    currency: 'EUR',
    rates: { EUR: 1 },
    users: [],
    products: [],
    bundle: (index) => bundleOf(index, Math.min(PER_ACCOUNT, contacts - index * PER_ACCOUNT)),
    locate(kind, id) {
      if (kind === 'account') return locate(FIRST.account, size, id)
      const position = kind === 'contact' ? locate(FIRST.contact, contacts, id) : null
      return position === null ? null : Math.floor(position / PER_ACCOUNT)
    },
    truth: () => ({ leftAt: null, segment: '', likes: [], silence: () => 0 }),
    observe: (_, { days }) => days.map(() => Number.NaN),
  }
}

function bundleOf(index: number, people: number): Bundle {
  const createdAt = STARTS + (index % 700) * 86_400_000
  const head = { version: createdAt + 3_600_000, knownAt: createdAt, deleted: false, attributes: {} } as const
  const accountId = String(FIRST.account + index)
  const account: LiveRecord<'account'> = {
    ...head,
    kind: 'account',
    id: accountId,
    body: {
      name: `Company ${index}`,
      domain: `company-${index}.example`,
      industry: null,
      type: null,
      country: COUNTRIES[index % 5] ?? null,
      city: null,
      employees: 10 + (index % 500),
      annualRevenue: null,
      ownerId: null,
      parentId: null,
      createdAt,
    },
  }
  const contacts = Array.from({ length: people }, (_, slot): LiveRecord<'contact'> => {
    const number = index * PER_ACCOUNT + slot
    return {
      ...head,
      kind: 'contact',
      id: String(FIRST.contact + number),
      body: {
        accountId,
        name: `Anna Person${number}`,
        email: `person-${number}@company-${index}.example`,
        title: TITLES[number % 5] ?? null,
        country: COUNTRIES[index % 5] ?? null,
        ownerId: null,
        createdAt,
      },
    }
  })
  return {
    account,
    contacts,
    deals: [],
    dealHistory: [],
    lineItems: [],
    activities: [],
    cases: [],
    subscriptions: [],
    merged: [],
    deleted: [],
  }
}
