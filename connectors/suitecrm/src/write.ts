import { AssayError, PUBLISHED_FIELDS } from '@assay/shared'
import type { Bill, ScoreField, ScoreObject, ScoreRow, WriteResult, WriteTotals } from '@assay/shared'
import { fieldName, SCORED, strangeWord } from '@assay/sugar-family'
import { isDenied, isForeignId, isGone, refusalOf, unknownField } from './answer.ts'
import { INSTALL } from './fields.ts'
import type { Instance } from './instance.ts'
import { isDeleted } from './map.ts'
import { moduleNamed } from './modules.ts'
import { rowsByIds } from './query.ts'
import { damaged, sentFor } from './read-back.ts'

/** Rows that are written one by one and then read back by one call. */
const BATCH = 50
/** What writing one row takes on a usual server, for the bill. */
const SECONDS_PER_ROW = 0.1
/** After so many rows in a row at which the server broke down it is the server, and not the row. */
const PATIENCE = 3

type Failure = 'rejected' | 'gone' | 'failed'
type Values = Readonly<Record<string, string | number>>

const FIELDS: ReadonlyMap<string, ScoreField> = new Map(PUBLISHED_FIELDS.map((field) => [field.name, field]))

const answerFor = ({ object, id }: ScoreRow, outcome: Failure, why: string): WriteResult => ({ object, id, outcome, why })

const outcomeOf = (row: ScoreRow, detail: string): WriteResult => {
  const unknown = unknownField(detail)
  if (unknown !== null) return answerFor(row, 'failed', `SuiteCRM has no field ${unknown}. ${INSTALL}`)
  if (isForeignId(detail))
    return answerFor(
      row,
      'rejected',
      `SuiteCRM's API (V8) writes to no record whose id is neither a number nor a UUID, and "${row.id}" is not`,
    )
  if (isGone(detail)) return answerFor(row, 'gone', detail)
  if (isDenied(detail)) return answerFor(row, 'rejected', `the integration user may not edit this record (${detail.trim()})`)
  return answerFor(row, 'rejected', detail)
}

/** One row over V8; null when SuiteCRM says that it is written, which is to be seen. */
const send = async ({ client }: Instance, row: ScoreRow, values: Values): Promise<WriteResult | null> => {
  const attributes = Object.fromEntries(Object.entries(values).map(([name, value]) => [fieldName(name), value]))
  const answer = await client.api({
    method: 'PATCH',
    path: '/module',
    // Never with `date_modified`: V8 would take it, and the change would lie behind everybody's watermark.
    body: { data: { type: SCORED[row.object], id: row.id, attributes } },
    accept: ({ status, body }) => status === 400 || (status === 404 && refusalOf(body) !== ''),
  })
  return answer.status < 300 ? null : outcomeOf(row, refusalOf(answer.body) || `status ${answer.status}`)
}

/** What stands in the written records now. Over v4_1, which has true seconds. */
const readBack = async (instance: Instance, written: ReadonlyMap<ScoreRow, Values>): Promise<WriteResult[]> => {
  const results: WriteResult[] = []
  for (const [object, rows] of Map.groupBy(written.keys(), (row) => row.object)) {
    const names = new Set(rows.flatMap((row) => Object.keys(row.values)).map(fieldName))
    const question = { module: moduleNamed(SCORED[object]), fields: ['id', 'deleted', ...names], deleted: true }
    const ids = rows.map(({ id }) => id)
    const found = new Map((await rowsByIds(instance.client, question, ids)).map((record) => [record.id, record]))
    for (const row of rows) {
      const record = found.get(row.id)
      if (record === undefined || isDeleted(record)) {
        results.push(answerFor(row, 'gone', 'it was deleted while it was written'))
        continue
      }
      const wrong = Object.entries(written.get(row) ?? {}).flatMap(([name, sent]) => {
        const said = damaged(FIELDS.get(name), sent, record.values[fieldName(name)])
        return said === null ? [] : [`${fieldName(name)}: SuiteCRM keeps "${said}" instead of "${sent}"`]
      })
      results.push(wrong.length === 0 ? { object, id: row.id, outcome: 'written' } : answerFor(row, 'rejected', wrong.join('; ')))
    }
  }
  return results
}

const update = async (instance: Instance, rows: readonly ScoreRow[], broken: { rows: number }): Promise<WriteResult[]> => {
  const results: WriteResult[] = []
  const written = new Map<ScoreRow, Values>()
  for (const row of rows) {
    instance.host.signal.throwIfAborted()
    const strange = strangeWord(row)
    if (strange !== null) {
      results.push(answerFor(row, 'rejected', strange))
      continue
    }
    const values = Object.fromEntries(Object.entries(row.values).map(([name, value]) => [name, sentFor(FIELDS.get(name), value)]))
    try {
      const refused = await send(instance, row, values)
      broken.rows = 0
      if (refused === null) written.set(row, values)
      else results.push(refused)
    } catch (error) {
      // A hook of the company's own may break down at one record, which must not hold up all others.
      if (!(error instanceof AssayError) || error.kind !== 'offline' || broken.rows + 1 >= PATIENCE) throw error
      broken.rows += 1
      results.push(answerFor(row, 'failed', error.message))
    }
  }
  return written.size === 0 ? results : [...results, ...(await readBack(instance, written))]
}

/** Writes row by row and reads back batch by batch; a row that SuiteCRM refuses, or does not keep as it was, fails alone. */
export async function* write(instance: Instance, rows: AsyncIterable<ScoreRow>): AsyncGenerator<WriteResult> {
  const broken = { rows: 0 }
  let batch: ScoreRow[] = []
  for await (const row of rows) {
    batch.push(row)
    if (batch.length < BATCH) continue
    yield* await update(instance, batch, broken)
    batch = []
  }
  yield* await update(instance, batch, broken)
}

/** What a write will cost. SuiteCRM does not count calls, and does not tell which workflows listen to a field. */
export const estimate = (total: WriteTotals): Bill => {
  const counts = Object.values(total satisfies Partial<Record<ScoreObject, number>>)
  const rows = counts.reduce((sum, some) => sum + some, 0)
  return { calls: rows + Math.ceil(rows / BATCH), quotaShare: null, minutes: (rows * SECONDS_PER_ROW) / 60, automations: null }
}
