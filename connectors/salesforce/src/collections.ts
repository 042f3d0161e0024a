import type { ScoreRow, WriteResult } from '@assay/shared'
import { apiName } from './metadata/index.ts'
import { SCORED } from './objects.ts'
import type { Org } from './org.ts'
import { answerFor, LOCKED, outcomeOf, whyOf } from './outcome.ts'
import type { WireSaved } from './wire.ts'

/** Most rows of one call. */
export const COLLECTION = 200
/** So often a row whose record is locked by somebody else is tried again, alone. */
const LOCK_TRIES = 3

const send = async ({ client }: Org, rows: readonly ScoreRow[]): Promise<readonly WireSaved[]> => {
  const records = rows.map(({ object, id, values }) => ({
    attributes: { type: SCORED[object] },
    id,
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [apiName(name), value])),
  }))
  const answer = await client.call({ method: 'PATCH', path: '/composite/sobjects', body: { allOrNone: false, records } })
  return Array.isArray(answer.body) ? (answer.body as WireSaved[]) : []
}

const resultOf = (row: ScoreRow, saved: WireSaved | undefined): WriteResult => {
  if (saved?.success === true) return { object: row.object, id: row.id, outcome: 'written' }
  const error = saved?.errors?.[0]
  if (error === undefined) return answerFor(row, 'failed', 'Salesforce said nothing about this row.')
  const code = error.statusCode ?? ''
  return answerFor(row, outcomeOf(code), whyOf(code, error.message ?? '', error.fields))
}

const isLocked = (saved: WireSaved | undefined): boolean => saved?.success !== true && saved?.errors?.[0]?.statusCode === LOCKED

/** Rows whose record somebody else holds: each alone, with growing waits, so that one of them never holds up the others. */
export const retryLocked = async (org: Org, row: ScoreRow): Promise<WriteResult> => {
  for (let tries = 1; ; tries += 1) {
    await org.host.sleep(1000 * 2 ** (tries - 1) * (1 + (org.host.now() % 997) / 2000))
    const [saved] = await send(org, [row])
    if (!isLocked(saved) || tries >= LOCK_TRIES) return resultOf(row, saved)
  }
}

/** Updates up to 200 rows in one call; no id twice among them, for Salesforce refuses both. */
export const update = async (org: Org, rows: readonly ScoreRow[]): Promise<WriteResult[]> => {
  if (rows.length === 0) return []
  const saved = await send(org, rows)
  const results: WriteResult[] = []
  for (const [at, row] of rows.entries()) results.push(isLocked(saved[at]) ? await retryLocked(org, row) : resultOf(row, saved[at]))
  return results
}
