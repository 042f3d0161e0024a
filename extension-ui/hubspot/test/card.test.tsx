import { Accordion, Alert, Button, Heading, LoadingSpinner, StatisticsItem, StatusTag, Text } from '@hubspot/ui-extensions'
import { CrmPropertyList } from '@hubspot/ui-extensions/crm'
import { createRenderer } from '@hubspot/ui-extensions/testing'
import { describe, expect, test } from 'vitest'
import { Panel } from '../src/app/cards/Panel.tsx'
import type { Portal, Properties } from './page/portal.ts'
import { HOSTILE, inHubSpot, onCompany, PAGES } from './page/records.ts'
import { RECORDS } from '../../panel/test/records.ts'

const NOTHING = { error: null, isLoading: false, isRefetching: false, refetch: async () => {} }
const NO_PAGES = { hasNextPage: false, hasPreviousPage: false, currentPage: 1, pageSize: 100, nextPage() {}, previousPage() {}, reset() {} }

interface Asked {
  readonly properties?: Properties
  readonly error?: Error | null
  readonly isLoading?: boolean
  readonly isRefetching?: boolean
  readonly refetch?: () => Promise<void>
}

/** The card on the open record of this portal; `asked` changes what the question about its properties gives. */
function shown(portal: Portal, asked: Asked = {}, associations: Asked = {}) {
  const renderer = createRenderer('crm.record.sidebar')
  const own = portal.records[`${portal.open.objectTypeId}:${portal.open.objectId}`] ?? {}
  const only = (names: readonly string[], record: Properties): Properties =>
    Object.fromEntries(names.flatMap((name) => (record[name] === undefined ? [] : [[name, record[name]]])))
  renderer.mocks.useCrmProperties.willCall((names) => ({ ...NOTHING, properties: only(names, own), ...asked }))
  renderer.mocks.useAssociations.willCall(({ properties = [] }) => ({
    ...NOTHING,
    pagination: NO_PAGES,
    results: (portal.associated ?? []).map(({ toObjectId, typeId, label }) => ({
      toObjectId,
      associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId, label: label ?? '' }],
      properties: only(properties, portal.records[`0-2:${toObjectId}`] ?? {}),
    })),
    ...associations,
  }))
  renderer.render(<Panel record={portal.open} locale="en-us" />)
  return renderer
}
const fieldsOf = (name: string) => RECORDS[name]!.fields
const scored = onCompany(fieldsOf('scored'))

describe('a company', () => {
  test('scored: the number, its band, the signs', () => {
    const card = shown(scored)
    expect(card.find(StatisticsItem).props).toMatchObject({ label: 'Churn risk', number: '72 %' })
    expect(card.find(StatusTag).props.variant).toBe('danger')
    expect(card.findAll(Heading).map(({ text }) => text)).toEqual(['Next step', 'Why', 'What to offer', 'Customer'])
    expect(card.maybeFind(Alert)).toBeNull()
  })

  test('stale: the score with a warning before it', () => {
    const card = shown(onCompany(fieldsOf('stale')))
    expect(card.find(Alert).props).toMatchObject({ variant: 'warning', title: 'This score may be out of date' })
    expect(card.find(StatisticsItem).props.number).toBe('72 %')
  })

  test('below the gate: facts, then why there is no number', () => {
    const card = shown(onCompany(fieldsOf('facts')))
    expect(card.find(Alert).props.title).toBe('No churn score')
    expect(card.findAll(Text).map(({ text }) => text)).toContain('94 days since the last order')
    expect(card.maybeFind(StatisticsItem)).toBeNull()
  })

  test('not scored and no access are two things', () => {
    expect(shown(onCompany(fieldsOf('unscored'))).find(Alert).props.title).toBe('No churn score')
    expect(shown(onCompany({})).find(Alert).props.title).toBe('You cannot see the scores')
  })

  test('an error says what HubSpot says, and can be tried again', () => {
    let asked = 0
    const refetch = async (): Promise<void> => void (asked += 1)
    const card = shown(scored, { properties: {}, error: new Error('The portal is being moved'), refetch })
    expect(card.find(Alert).props.variant).toBe('error')
    expect(card.find(Alert).text).toBe('HubSpot says: The portal is being moved')
    card.find(Button).trigger('onClick', {} as never)
    expect(asked).toBe(1)
  })

  test('while HubSpot has not answered: a quiet placeholder, also while it is asked again after an error', () => {
    for (const waiting of [{ isLoading: true }, { isRefetching: true }]) {
      const card = shown(scored, { properties: {}, ...waiting })
      expect(card.find(LoadingSpinner).props.label).toBe('Loading the scores')
      expect(card.maybeFind(Alert)).toBeNull()
    }
  })

  test('what was shown stays while HubSpot is asked anew, and when that fails', () => {
    for (const again of [{ isRefetching: true }, { error: new Error('offline') }]) {
      const card = shown(scored, again)
      expect(card.find(StatisticsItem).props.number).toBe('72 %')
      expect(card.maybeFind(LoadingSpinner)).toBeNull()
    }
  })

  test('text from properties stays text', () => {
    const card = shown(onCompany(fieldsOf('hostile')))
    const texts = card.findAll(Text).map(({ text }) => text)
    expect(texts.some((text) => text?.startsWith(HOSTILE.slice(0, 11)))).toBe(true)
    expect(texts.join('')).not.toContain('\u202E')
  })
})

describe('an answer to an offer', () => {
  test("is given in HubSpot's own list of the published property", () => {
    const lists = shown(scored).findAll(CrmPropertyList)
    expect(lists.map(({ props }) => props.properties)).toEqual([['assay_offer_1_response'], ['assay_offer_2_response']])
    // Without a record it is the open one.
    expect(lists[0]?.props.objectId).toBeUndefined()
  })

  test('of a contact or a deal goes to the company', () => {
    const lists = shown(PAGES['contact']!.portal).findAll(CrmPropertyList)
    expect(lists[0]?.props).toMatchObject({ objectTypeId: '0-2', objectId: 7001 })
  })
})

describe('contacts and deals', () => {
  test('show the scores of the primary company, and say whose they are', () => {
    const card = shown(PAGES['contact']!.portal)
    expect(card.find(StatisticsItem).props.number).toBe('72 %')
    expect(card.findAll(Text)[0]?.text).toBe('Scores of the company Brightwater Pumps Ltd')
  })

  test('without a primary one, those of the company with the smallest id', () => {
    const { portal } = PAGES['contact']!
    const card = shown({ ...portal, associated: [7001, 6000].map((toObjectId) => ({ toObjectId, typeId: 279, label: null })) })
    expect(card.find(StatisticsItem).props.number).toBe('8 %')
  })

  test('a contact that is the customer shows its own', () => {
    const card = shown(PAGES['contactIsCustomer']!.portal)
    expect(card.find(StatisticsItem).props.number).toBe('8 %')
    expect(card.findAll(Text)[0]?.text).not.toContain('Scores of the company')
  })

  test('a deal without a company says so; one whose company is being fetched says nothing yet', () => {
    const { portal } = PAGES['noCompany']!
    expect(shown(portal).find(Alert).props.title).toBe('This deal has no company')
    const waiting = shown(portal, {}, { isLoading: true })
    expect(waiting.maybeFind(Alert)).toBeNull()
    expect(waiting.find(LoadingSpinner)).toBeTruthy()
  })

  test('a contact waits for both answers', () => {
    const { portal } = PAGES['contact']!
    expect(shown(portal, { isLoading: true }).find(LoadingSpinner)).toBeTruthy()
    expect(shown(portal, {}, { isLoading: true }).find(LoadingSpinner)).toBeTruthy()
  })
})

test('what the model says of itself is folded under a score, and open without one', () => {
  expect(shown(scored).findAll(Accordion).at(-1)?.props.title).toBe('About this score')
  expect(
    shown({ ...scored, records: { '0-2:7001': inHubSpot(fieldsOf('facts')) } }).maybeFind(Accordion, { title: 'About this score' }),
  ).toBeNull()
})
