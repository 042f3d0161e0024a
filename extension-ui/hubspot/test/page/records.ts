import type { PanelFields } from '../../../panel-model/src/index.ts'
import { HOSTILE, RECORDS } from '../../../panel/test/records.ts'
import type { Portal, Properties } from './portal.ts'

export { HOSTILE }

/** Plain fields as HubSpot has them: by property name, every value a text; one that may not be read is missing. */
export const inHubSpot = (fields: PanelFields, more: Properties = {}): Properties => ({
  ...Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [[`assay_${name}`, value === null ? null : String(value)]],
    ),
  ),
  ...more,
})

const COMPANY = 7001
const fieldsOf = (name: string): PanelFields => RECORDS[name]!.fields

/** The page of a company with these fields. */
export const onCompany = (fields: PanelFields): Portal => ({
  open: { objectTypeId: '0-2', objectId: COMPANY },
  records: { [`0-2:${COMPANY}`]: inHubSpot(fields) },
})

const primary = (toObjectId: number, typeId: number) => ({ toObjectId, typeId, label: 'Primary' })
const plain = (toObjectId: number) => ({ toObjectId, typeId: 279, label: null })
const company = (fields: PanelFields, name = 'Brightwater Pumps Ltd'): Properties => inHubSpot(fields, { name })

export interface Shown {
  readonly portal: Portal
  /** What the panel model is given; null where the card has words of its own. */
  readonly fields: PanelFields | null
  /** Beyond the panel model's words. */
  readonly says: readonly string[]
}

/** One for each state in which a person may find the card. */
export const PAGES: Readonly<Record<string, Shown>> = {
  ...Object.fromEntries(Object.entries(RECORDS).map(([name, { fields }]) => [name, { portal: onCompany(fields), fields, says: [] }])),
  contact: {
    portal: {
      open: { objectTypeId: '0-1', objectId: 11 },
      records: { '0-1:11': {}, '0-2:7001': company(fieldsOf('scored')), '0-2:6000': company(fieldsOf('low'), 'Another Ltd') },
      associated: [plain(6000), primary(7001, 1)],
    },
    fields: fieldsOf('scored'),
    says: ['Scores of the company Brightwater Pumps Ltd'],
  },
  deal: {
    portal: {
      open: { objectTypeId: '0-3', objectId: 12 },
      records: { '0-2:7001': company(fieldsOf('facts'), 'Harbour Tools GmbH') },
      associated: [primary(7001, 5)],
    },
    fields: fieldsOf('facts'),
    says: ['Scores of the company Harbour Tools GmbH'],
  },
  contactIsCustomer: {
    portal: {
      open: { objectTypeId: '0-1', objectId: 11 },
      records: { '0-1:11': inHubSpot(fieldsOf('low')), '0-2:7001': { name: 'A' } },
      associated: [plain(7001)],
    },
    fields: fieldsOf('low'),
    says: [],
  },
  noCompany: {
    portal: { open: { objectTypeId: '0-3', objectId: 12 }, records: {}, associated: [] },
    fields: null,
    says: ['This deal has no company'],
  },
  down: {
    portal: { ...onCompany(fieldsOf('scored')), error: 'The portal is being moved <b>now</b>' },
    fields: null,
    says: ['The scores could not be loaded', 'HubSpot says: The portal is being moved <b>now</b>', 'Try again'],
  },
}
