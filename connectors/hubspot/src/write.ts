import { ASSAY_PREFIX } from '@assay/shared'
import type { Bill, ScoreObject, ScoreRow, WriteResult, WriteTotals } from '@assay/shared'
import { errorBody } from './answer.ts'
import type { Portal } from './portal.ts'
import { listOf, type WireBatchError, type WireRecord } from './wire.ts'

export const OBJECT_NAMES: Readonly<Record<ScoreObject, string>> = { account: 'companies', contact: 'contacts', deal: 'deals' }

/** Most rows of one batch update. */
const BATCH = 100
/** What one batch takes, for the bill; HubSpot's rate limit allows more. */
const SECONDS_PER_CALL = 0.5

type Failure = 'rejected' | 'gone' | 'failed'

const textOf = (value: string | number | null): string => (value === null ? '' : String(value))
const propertiesOf = ({ values }: ScoreRow): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [ASSAY_PREFIX + name, textOf(value)]))

const answerFor = ({ object, id }: ScoreRow, outcome: Failure, why: string): WriteResult => ({ object, id, outcome, why })

/** What HubSpot's word for a row's error means for that row. */
const outcomeOf = (category: string | undefined): Failure => {
  if (category === 'OBJECT_NOT_FOUND') return 'gone'
  return category === undefined || /VALIDATION|CONFLICT|INVALID|DUPLICATE/.test(category) ? 'rejected' : 'failed'
}

const whyOf = ({ category, message }: { category?: string; message?: string }): string => message ?? category ?? 'HubSpot gave no reason'

/** Ids that an error of a 207 speaks of. */
const idsOf = ({ context }: WireBatchError): readonly string[] => [
  ...(context?.['ids'] ?? []),
  ...(context?.['id'] ?? []),
  ...(context?.['objectWriteTraceId'] ?? []),
]

/** The rows that a refusal of the whole batch seems to speak of: those with a property it names. */
const suspects = (rows: readonly ScoreRow[], message: string): Set<ScoreRow> => {
  const named = [...message.matchAll(/"name":"([^"]+)"/g)].map(([, name]) => name)
  return new Set(
    rows.filter((row) =>
      Object.entries(row.values).some(
        ([name, value]) => named.includes(ASSAY_PREFIX + name) && value !== null && message.includes(String(value)),
      ),
    ),
  )
}

/**
 * Updates these rows. HubSpot refuses a whole batch (400) for one wrong value and does not say whose it is: then the
 * rows that the refusal may mean are asked one by one, and all others together.
 */
const update = async (portal: Portal, rows: readonly ScoreRow[]): Promise<WriteResult[]> => {
  const first = rows[0]
  if (first === undefined) return []
  const answer = await portal.client.call({
    method: 'POST',
    area: 'objects',
    tail: `/${OBJECT_NAMES[first.object]}/batch/update`,
    body: { inputs: rows.map((row) => ({ id: row.id, objectWriteTraceId: row.id, properties: propertiesOf(row) })) },
    accept: [400, 404, 409],
  })
  if (answer.status >= 400) {
    const said = errorBody(answer.body)
    if (rows.length === 1) return [answerFor(first, answer.status === 404 ? 'gone' : 'rejected', whyOf(said))]
    const meant = suspects(rows, said.message ?? '')
    const blind = meant.size === 0 || meant.size === rows.length
    const half = Math.ceil(rows.length / 2)
    const parts = blind
      ? [rows.slice(0, half), rows.slice(half)]
      : [rows.filter((row) => !meant.has(row)), ...[...meant].map((row) => [row])]
    const results: WriteResult[] = []
    for (const part of parts) results.push(...(await update(portal, part)))
    return results
  }
  const list = listOf<WireRecord>(answer, 'batch update')
  const written = new Set(list.results.map(({ id }) => id))
  const failed = new Map<string, WireBatchError>()
  for (const error of list.errors ?? []) for (const id of idsOf(error)) failed.set(id, error)
  return rows.map((row) => {
    if (written.has(row.id)) return { object: row.object, id: row.id, outcome: 'written' }
    const error = failed.get(row.id) ?? (rows.length === 1 ? list.errors?.[0] : undefined)
    if (error === undefined) return answerFor(row, 'failed', 'HubSpot said nothing about this row.')
    return answerFor(row, outcomeOf(error.category), whyOf(error))
  })
}

/** Writes batch by batch: one object per batch, no id twice in one, for HubSpot refuses both. */
export async function* write(portal: Portal, rows: AsyncIterable<ScoreRow>): AsyncGenerator<WriteResult> {
  let batch = new Map<string, ScoreRow>()
  for await (const row of rows) {
    const object = batch.values().next().value?.object
    if (batch.size === BATCH || batch.has(row.id) || (object !== undefined && object !== row.object)) {
      yield* await update(portal, [...batch.values()])
      batch = new Map()
    }
    batch.set(row.id, row)
  }
  yield* await update(portal, [...batch.values()])
}

interface Usage {
  readonly usageLimit?: number
  readonly currentUsage?: number
  readonly resetsAt?: string
}

/**
 * The day's allowance as HubSpot counts it; null where it does not tell (OAuth apps). The ledger hears of the limit, which headers need
 * not tell; its own count of calls is fresher than this one.
 */
export const usage = async ({ client, host }: Portal): Promise<Usage | null> => {
  const answer = await client.call({ area: 'account', tail: '/api-usage/daily/private-apps', accept: [400, 401, 403, 404] })
  const told = answer.status >= 400 ? null : (listOf<Usage>(answer, 'daily usage').results[0] ?? null)
  if (told?.usageLimit !== undefined && told.usageLimit > 0) host.quota.report({ limit: told.usageLimit })
  return told
}

export const estimate = async (portal: Portal, total: WriteTotals): Promise<Bill> => {
  const calls = Object.values(total).reduce((sum, rows) => sum + Math.ceil(rows / BATCH), 0)
  const limit = (await usage(portal))?.usageLimit
  return {
    calls,
    quotaShare: limit === undefined || limit === 0 ? null : calls / limit,
    minutes: (calls * SECONDS_PER_CALL) / 60,
    // HubSpot does not tell which workflows listen to a property.
    automations: null,
  }
}
