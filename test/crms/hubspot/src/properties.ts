import type { LiveRecord } from '@assay/shared'
import { definition, groupOf, option, standardDefinitions, type PropertyDefinition, type PropertyType } from './definitions.ts'
import { OBJECT_TYPES, type ObjectType } from './object-types.ts'
import { attributeName, objectTypeOfRecord, readProperty } from './to-hubspot.ts'
import { instantText } from './values.ts'

interface PropertyGroup {
  name: string
  label: string
  displayOrder: number
  archived: boolean
}

/** The definitions of all objects, and who may see and write them. */
export interface Properties {
  /** null where there is none, where it is archived, and where it is hidden from this sign-in. */
  find(type: ObjectType, name: string): PropertyDefinition | null
  /** The archived ones too. */
  all(type: ObjectType): Map<string, PropertyDefinition>
  visible(type: ObjectType, archived: boolean): PropertyDefinition[]
  groups(type: ObjectType): Map<string, PropertyGroup>
  hide(type: ObjectType, name: string): void
  makeReadOnly(type: ObjectType, name: string): void
  /** Defines a plain property for a name that tests or worlds use, unless there is one. */
  ensure(type: ObjectType, name: string, example: string | null): void
  /** Takes over the columns and the values that a sample of records shows. */
  adopt(records: Iterable<LiveRecord>): void
}

/** Enumerations whose options a portal makes its own. */
const OPEN_LISTS: Readonly<Partial<Record<ObjectType, readonly string[]>>> = {
  companies: ['industry', 'type'],
  deals: ['dealtype', 'deal_currency_code', 'dealstage', 'pipeline'],
  line_items: ['hs_line_item_currency_code'],
  tickets: ['hs_ticket_priority', 'hs_ticket_category', 'hs_pipeline', 'hs_pipeline_stage'],
  emails: ['hs_email_status'],
  meetings: ['hs_meeting_outcome'],
  tasks: ['hs_task_status'],
}

export function createProperties(now: () => number): Properties {
  const definitions = new Map<ObjectType, Map<string, PropertyDefinition>>()
  const groups = new Map<ObjectType, Map<string, PropertyGroup>>()
  const hidden = new Set<string>()

  for (const type of OBJECT_TYPES) {
    definitions.set(type, new Map(standardDefinitions(type, instantText(now())).map((each) => [each.name, each])))
    const name = groupOf(type)
    groups.set(type, new Map([[name, { name, label: name, displayOrder: 0, archived: false }]]))
  }
  const all = (type: ObjectType): Map<string, PropertyDefinition> => definitions.get(type) ?? new Map()

  const ensure = (type: ObjectType, name: string, example: string | null): void => {
    if (all(type).has(name)) return
    const [propertyType, fieldType] = guess(example)
    const options = propertyType === 'bool' ? ['true', 'false'].map(option) : []
    all(type).set(
      name,
      definition({ name, label: name, groupName: groupOf(type), type: propertyType, fieldType, options }, instantText(now())),
    )
  }

  return {
    find(type, name) {
      const found = all(type).get(name) ?? dateEntered(type, name)
      return found === null || found.archived || hidden.has(`${type}.${name}`) ? null : found
    },
    all,
    visible: (type, archived) =>
      [...all(type).values()].filter((each) => each.archived === archived && !hidden.has(`${type}.${each.name}`)),
    groups: (type) => groups.get(type) ?? new Map(),
    hide: (type, name) => void hidden.add(`${type}.${name}`),
    makeReadOnly(type, name) {
      const found = all(type).get(name)
      if (found !== undefined) found.modificationMetadata = { ...found.modificationMetadata, readOnlyValue: true }
    },
    ensure,
    adopt(records) {
      for (const record of records) {
        const type = objectTypeOfRecord(record)
        if (type === null) continue
        for (const title in record.attributes) {
          const value = record.attributes[title] ?? null
          if (value !== null) ensure(type, attributeName(title), String(value))
        }
        for (const name of OPEN_LISTS[type] ?? []) {
          const value = readProperty(type, record, name) ?? null
          const options = all(type).get(name)?.options ?? []
          if (value !== null && !options.some((each) => each.value === value)) options.push(option(value, options.length))
        }
      }
    },
  }
}

/** The type of a column, by one of its values. */
function guess(example: string | null): readonly [PropertyType, string] {
  if (example === null) return ['string', 'text']
  if (example === 'true' || example === 'false') return ['bool', 'booleancheckbox']
  if (/^\d{4}-\d\d-\d\d$/.test(example)) return ['date', 'date']
  if (/^\d{4}-\d\d-\d\dT/.test(example)) return ['datetime', 'date']
  return /^-?\d+(\.\d+)?$/.test(example) ? ['number', 'number'] : ['string', 'text']
}

const ENTERED = 'hs_v2_date_entered_'

/** HubSpot has one such property for every stage; here they are made when named. */
function dateEntered(type: ObjectType, name: string): PropertyDefinition | null {
  if (type !== 'deals' || !name.startsWith(ENTERED)) return null
  return definition(
    {
      name,
      label: `Date entered ${name.slice(ENTERED.length)}`,
      groupName: groupOf('deals'),
      type: 'datetime',
      fieldType: 'date',
      calculated: true,
      hubspotDefined: true,
      modificationMetadata: { archivable: false, readOnlyDefinition: true, readOnlyOptions: true, readOnlyValue: true },
    },
    instantText(0),
  )
}

/** The property that says when a deal entered a stage. */
export function enteredProperty(stage: string): string {
  return ENTERED + stage.toLowerCase().replace(/[^a-z0-9]+/g, '_')
}

export function isEnteredProperty(name: string): boolean {
  return name.startsWith(ENTERED)
}
