import { createdProperty, modifiedProperty, TYPE_IDS, type ObjectType } from './object-types.ts'
import { PORTAL_ID } from './identity.ts'
import type { Portal } from './portal.ts'
import { enteredProperty, isEnteredProperty } from './properties.ts'
import type { View } from './view.ts'
import { HISTORY_PROPERTIES } from './to-hubspot.ts'
import { instantText } from './values.ts'

const DEFAULTS: Readonly<Partial<Record<ObjectType, readonly string[]>>> = {
  contacts: ['email', 'firstname', 'lastname'],
  companies: ['domain', 'name'],
  deals: ['amount', 'closedate', 'dealname', 'dealstage', 'pipeline'],
  line_items: ['amount', 'quantity'],
  products: ['description', 'name', 'price'],
  tickets: ['content', 'hs_pipeline', 'hs_pipeline_stage', 'hs_ticket_category', 'hs_ticket_priority', 'subject'],
}

export interface Wanted {
  readonly properties: readonly string[]
  readonly withHistory: readonly string[]
}

/** The names among those asked for that exist and may be read; unknown ones vanish without a word. */
export function readable(portal: Portal, type: ObjectType, wanted: Wanted): Wanted {
  const known = (name: string): boolean => portal.properties.find(type, name) !== null
  const asked = wanted.properties.length === 0 ? (DEFAULTS[type] ?? []) : wanted.properties
  const always = [createdProperty(type), modifiedProperty(type), 'hs_object_id']
  return { properties: [...new Set([...asked.filter(known), ...always])], withHistory: wanted.withHistory.filter(known) }
}

/** A record as JSON. `wanted` comes from {@link readable}. */
export function present(portal: Portal, view: View, wanted: Wanted): Record<string, unknown> {
  const properties: Record<string, string | null> = {}
  for (const name of wanted.properties) properties[name] = valueOf(portal, view, name)
  return {
    id: view.id,
    properties,
    ...(wanted.withHistory.length === 0 ? {} : { propertiesWithHistory: histories(portal, view, wanted.withHistory) }),
    createdAt: instantText(view.createdAt),
    updatedAt: instantText(view.updatedAt),
    archived: view.archivedAt !== null,
    ...(view.archivedAt === null ? {} : { archivedAt: instantText(view.archivedAt) }),
    url: `https://app.hubspot.com/contacts/${PORTAL_ID}/record/${TYPE_IDS[view.type]}/${view.id}`,
  }
}

function valueOf(portal: Portal, view: View, name: string): string | null {
  const value = view.value(name)
  if (value !== undefined) return value
  if (view.type !== 'deals' || !isEnteredProperty(name)) return null
  const entered = portal.store.source
    .history(view.id)
    .filter((change) => change.body.field === 'stage' && change.body.value !== null && enteredProperty(change.body.value) === name)
    .at(-1)
  return entered === undefined ? null : instantText(entered.body.changedAt)
}

interface Version {
  readonly value: string
  readonly timestamp: string
  readonly sourceType: string
  readonly sourceId: string
  readonly sourceLabel?: string
  readonly updatedByUserId?: number
}

/** Newest first. Only a deal's tracked properties have a past; of the others the present value is all there is. */
function histories(portal: Portal, view: View, names: readonly string[]): Record<string, Version[]> {
  const past = view.type === 'deals' ? portal.store.source.history(view.id) : []
  const written = view.type === 'deals' ? portal.store.changes(view.id) : []
  const answer: Record<string, Version[]> = {}
  for (const name of names) {
    const versions: Version[] = []
    for (const { body } of past)
      if (HISTORY_PROPERTIES[body.field] === name)
        versions.push(version(historyText(body.field, body.value), body.changedAt, 'CRM_UI', 'userId:42'))
    if (name === 'hs_merged_object_ids')
      for (const [position, { at }] of view.losers().entries()) {
        const ids = view.losers().slice(0, position + 1)
        versions.push(version(ids.map((each) => each.id).join(';'), at, 'MERGE_OBJECTS', 'userId:42'))
      }
    for (const change of written) if (change.property === name) versions.push(version(change.value, change.at, 'INTEGRATION', '54321'))
    const value = valueOf(portal, view, name)
    if (versions.length === 0 && value !== null) versions.push(version(value, view.updatedAt, 'CRM_UI', 'userId:42'))
    answer[name] = versions.reverse()
  }
  return answer
}

function version(value: string | null, at: number, sourceType: string, sourceId: string): Version {
  return { value: value ?? '', timestamp: instantText(at), sourceType, sourceId, updatedByUserId: 42 }
}

/** A close date may stand in the world's history as epoch ms; HubSpot writes instants. */
function historyText(field: string, value: string | null): string | null {
  return field === 'closedAt' && value !== null && /^\d+$/.test(value) ? instantText(Number(value)) : value
}
