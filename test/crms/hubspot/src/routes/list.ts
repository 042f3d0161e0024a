import { listParameter, type Exchange } from '../exchange.ts'
import type { ObjectType } from '../object-types.ts'
import type { Portal } from '../portal.ts'
import { present, readable } from '../present.ts'
import { ok, refuse, type Reply } from '../reply.ts'
import { instantText } from '../values.ts'
import { linkedRecords } from './associations.ts'

/** A page of all records, ascending by id. Only an absent `paging.next` means the end. */
export function list(portal: Portal, type: ObjectType, exchange: Exchange): Reply {
  const { query } = exchange
  const withHistory = listParameter(query, 'propertiesWithHistory')
  const most = withHistory.length > 0 ? 50 : 100
  const limit = Number(query.get('limit') ?? 10)
  if (!Number.isInteger(limit) || limit < 1 || limit > most)
    throw refuse(400, 'VALIDATION_ERROR', `limit must be between 1 and ${most}, was ${query.get('limit')}`)
  const after = query.get('after')
  const wanted = readable(portal, type, { properties: listParameter(query, 'properties'), withHistory })
  if (query.get('archived') === 'true') return archivedPage(portal, type, limit, after, wanted, exchange)
  if (after !== null && !/^\d+$/.test(after)) throw refuse(400, 'VALIDATION_ERROR', `after: ${after} is not a valid paging cursor`)

  const associations = listParameter(query, 'associations')
  const results: Record<string, unknown>[] = []
  const start = after === null ? null : after.replace(/^0+(?=\d)/, '')
  let last = start
  let more = false
  const take = portal.quirks.shortPages ? shortened(after, limit) : limit
  for (const view of portal.store.after(type, start, false)) {
    if (results.length === take) {
      more = true
      break
    }
    last = view.id
    results.push({ ...present(portal, view, wanted), ...linkedRecords(portal, view, associations) })
  }
  return ok({ results, ...(more ? next(exchange, take === 0 ? skipTo(start) : (last ?? '0')) : {}) })
}

/** Every third page is half full, every seventh empty; told by the cursor, so that the same walk gives the same pages. */
function shortened(after: string | null, limit: number): number {
  if (after === null) return limit
  const mark = Number(after) % 7
  if (after.startsWith('0')) return limit
  return mark === 0 ? 0 : mark % 3 === 0 ? Math.max(1, Math.floor(limit / 2)) : limit
}

/** A leading zero leaves the position as it is and tells that the empty page has been given. */
function skipTo(after: string | null): string {
  return `0${after ?? ''}`
}

function next(exchange: Exchange, after: string): { paging: { next: { after: string; link: string } } } {
  return { paging: { next: { after, link: `${exchange.link}?after=${encodeURIComponent(after)}` } } }
}

/** First what was archived here, then what the source knows as deleted, a stretch of it per page: such a page may be empty. */
function archivedPage(
  portal: Portal,
  type: ObjectType,
  limit: number,
  after: string | null,
  wanted: ReturnType<typeof readable>,
  exchange: Exchange,
): Reply {
  const { store } = portal
  const [phase, mark] = after === null ? ['id', null] : after.split('-', 2)
  if (phase === 'id') {
    const results: Record<string, unknown>[] = []
    for (const view of store.after(type, mark ?? null, true)) {
      if (results.length === limit) return ok({ results, ...next(exchange, `id-${String(results.at(-1)?.['id'])}`) })
      results.push(present(portal, view, wanted))
    }
    const first = store.source.deleted(type, 0)
    return ok({ results, ...(first.next === null && first.records.length === 0 ? {} : next(exchange, 'at-0.0')) })
  }
  const [position = 0, skipped = 0] = (mark ?? '0.0').split('.').map(Number)
  const stretch = store.source.deleted(type, position)
  const results = stretch.records.slice(skipped, skipped + limit).map((each) => {
    const at = instantText(each.at)
    return { id: each.id, properties: { hs_object_id: each.id }, createdAt: at, updatedAt: at, archived: true, archivedAt: at }
  })
  if (skipped + limit < stretch.records.length) return ok({ results, ...next(exchange, `at-${position}.${skipped + limit}`) })
  return ok({ results, ...(stretch.next === null ? {} : next(exchange, `at-${stretch.next}.0`)) })
}
