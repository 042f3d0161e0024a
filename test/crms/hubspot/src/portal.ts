import { createAssociations, type Associations } from './associations.ts'
import { objectTypeOf, type ObjectType } from './object-types.ts'
import { pipelinesOf, type Pipelines } from './pipelines.ts'
import { createProperties, enteredProperty, type Properties } from './properties.ts'
import { refuse } from './reply.ts'
import type { Source } from './source.ts'
import { createStore, type Store } from './store.ts'
import type { Values } from './validate.ts'
import { instantText, numberText } from './values.ts'
import { tellingAssociations, tellingStore, type Note } from './webhooks.ts'

/** The account's time zone, which the daily allowance goes by. */
export const UTC_OFFSET_MS = -18_000_000

/** One write that came in through the API, as it was stored. */
export interface Write {
  readonly object: ObjectType
  readonly id: string
  readonly operation: 'create' | 'update' | 'archive' | 'associate'
  readonly properties: Values
  readonly at: number
}

/** How the portal behaves where HubSpot itself varies. */
export interface Quirks {
  /** Pages with fewer records than asked for, and empty ones, before the end. */
  readonly shortPages: boolean
  /** How an input without associations answers in a batch read. */
  readonly noAssociations: 'missing' | '207'
  readonly toObjectId: 'number' | 'string' | 'mixed'
  readonly associationsPerPage: number
  /** In search, `hs_object_id` sorts and compares as text, as portals have been seen to do, or as a number. */
  readonly searchIdOrder: 'text' | 'number'
  /** Merging makes a new record that both old ids lead to. */
  readonly mergeMakesNewId: boolean
}

/** Everything behind the routes. */
export interface Portal {
  readonly store: Store
  readonly properties: Properties
  readonly associations: Associations
  readonly quirks: Quirks
  readonly writes: Write[]
  pipelines(): Pipelines
  now(): number
  load(source: Source): void
  /** Moves the source on in time; everything written stays. */
  grow(source: Source): void
  /** Creates with checked values; calculated ones follow. */
  create(type: ObjectType, values: Values, id?: string): string
  update(type: ObjectType, id: string, values: Values): void
  merge(type: ObjectType, winner: string, loser: string): string
}

export function createPortal(now: () => number, searchLagMs: number, quirks: Quirks, note: Note): Portal {
  const store = tellingStore(
    createStore(() => searchLagMs),
    note,
  )
  const properties = createProperties(now)
  const associations = tellingAssociations(createAssociations(store), note)
  let pipelines: Pipelines | null = null

  /** What HubSpot works out by itself when a deal's stage or amount is written. */
  const derived = (type: ObjectType, values: Values, currency: string | null): Values => {
    if (type !== 'deals') return values
    const more: Record<string, string | null> = {}
    const stage = values['dealstage']
    if (stage) {
      const meaning = portal.pipelines().dealStage(stage)
      more['hs_is_closed'] = String(meaning?.isClosed ?? false)
      more['hs_is_closed_won'] = String(meaning?.isWon ?? false)
      more['hs_deal_stage_probability'] = meaning?.probability ?? null
      more[enteredProperty(stage)] = instantText(now())
    }
    const amount = values['amount']
    if (amount !== undefined) {
      const rate = currency === null || currency === store.source.currency ? 1 : store.source.rates[currency]
      more['amount_in_home_currency'] = amount === null || rate === undefined ? null : numberText(Number(amount) * rate)
    }
    return { ...more, ...values }
  }

  const portal: Portal = {
    store,
    properties,
    associations,
    quirks,
    writes: [],
    pipelines: () => (pipelines ??= pipelinesOf(store.source.sample())),
    now,
    load(source) {
      store.load(source)
      associations.clear()
      pipelines = null
      properties.adopt(source.sample())
      const stages = portal.pipelines()
      addOptions(properties, 'deals', 'pipeline', stages.deals)
      addOptions(
        properties,
        'deals',
        'dealstage',
        stages.deals.flatMap((each) => each.stages),
      )
      addOptions(properties, 'tickets', 'hs_pipeline', stages.tickets)
      addOptions(
        properties,
        'tickets',
        'hs_pipeline_stage',
        stages.tickets.flatMap((each) => each.stages),
      )
    },
    grow: (source) => store.grow(source),
    create: (type, values, id) => store.create(type, derived(type, values, values['deal_currency_code'] ?? null), now(), id),
    update(type, id, values) {
      const currency = values['deal_currency_code'] ?? (type === 'deals' ? store.view(type, id)?.value('deal_currency_code') : null) ?? null
      store.update(type, id, derived(type, values, currency), now())
    },
    merge(type, winner, loser) {
      const kept = store.view(type, winner)
      const lost = store.view(type, loser)
      if (kept === null || lost === null || kept.id === lost.id) throw refuse(400, 'VALIDATION_ERROR', 'Cannot merge these objects')
      const filled: Record<string, string | null> = {}
      for (const name of [...lost.names(), ...(quirks.mergeMakesNewId ? kept.names() : [])]) {
        if (properties.find(type, name)?.modificationMetadata.readOnlyValue !== false) continue
        const own = kept.value(name) ?? null
        const value = own ?? lost.value(name) ?? null
        if (value !== null && (quirks.mergeMakesNewId || own === null)) filled[name] = value
      }
      const target = quirks.mergeMakesNewId ? store.create(type, filled, now()) : kept.id
      for (const old of quirks.mergeMakesNewId ? [kept.id, lost.id] : [lost.id]) {
        associations.move(type, old, target)
        store.markMerged(type, old, target, now())
      }
      if (!quirks.mergeMakesNewId && Object.keys(filled).length > 0) store.update(type, target, filled, now())
      return target
    },
  }
  portal.load(store.source)
  return portal
}

function addOptions(properties: Properties, type: ObjectType, name: string, rows: readonly { id: string; label: string }[]): void {
  const found = properties.all(type).get(name)
  if (found === undefined) return
  found.options = rows.map(({ id, label }, displayOrder) => ({ label, value: id, displayOrder, hidden: false }))
}

/** The object type a path names, or the 400 HubSpot answers. */
export function typeOrRefuse(segment: string): ObjectType {
  const type = objectTypeOf(segment)
  if (type === null) throw refuse(400, 'VALIDATION_ERROR', `Unable to infer object type from: ${segment}`)
  return type
}
