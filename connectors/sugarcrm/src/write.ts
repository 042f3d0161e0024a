import { PUBLISHED_FIELDS } from '@assay/shared'
import type { Bill, ScoreField, ScoreRow, ScoreValue, WriteResult, WriteTotals } from '@assay/shared'
import { fieldName, SCORED, strangeWord } from '@assay/sugar-family'
import { refusalOf } from './answer.ts'
import type { PartAnswer } from './client.ts'
import { INSTALL } from './fields.ts'
import type { Instance } from './instance.ts'
import { instantText } from './query.ts'

/** Rows of one call. Sugar saves them one after the other, with all that hangs on a save, before it answers: more would meet the time limit of PHP. */
const BATCH = 40
/** What saving one row takes on a usual instance, for the bill. */
const SECONDS_PER_ROW = 0.15

type Failure = 'rejected' | 'gone' | 'failed'

const FIELDS: ReadonlyMap<string, ScoreField> = new Map(PUBLISHED_FIELDS.map((field) => [field.name, field]))

/** An empty text clears a text or a dropdown; of a number or a date there is nothing. */
const cleared = (field: ScoreField | undefined): '' | null =>
  field === undefined || field.type === 'text' || field.type === 'picklist' ? '' : null
const valueOf = (name: string, value: ScoreValue): ScoreValue => {
  const field = FIELDS.get(name)
  if (value === null) return cleared(field)
  const at = field?.type === 'datetime' ? Date.parse(String(value)) : Number.NaN
  return Number.isFinite(at) ? instantText(at) : value
}

const answerFor = ({ object, id }: ScoreRow, outcome: Failure, why: string): WriteResult => ({ object, id, outcome, why })

/** What Sugar's answer for a row means for it. */
const outcomeOf = (status: number): Failure => {
  if (status === 404) return 'gone'
  return status === 429 || status >= 500 || status === 401 || status === 412 || status === 424 || status === 0 ? 'failed' : 'rejected'
}

const resultOf = (row: ScoreRow, { status, body }: PartAnswer): WriteResult => {
  if (status >= 200 && status < 300) {
    // A field that Sugar does not have is passed over without a word; the record that it answers with lacks it.
    const missing = Object.keys(row.values)
      .map(fieldName)
      .find((name) => typeof body !== 'object' || body === null || !(name in body))
    return missing === undefined
      ? { object: row.object, id: row.id, outcome: 'written' }
      : answerFor(row, 'failed', `Sugar has no field ${missing}, or does not let this sign-in see it. ${INSTALL}`)
  }
  const { code, message } = refusalOf(body)
  return answerFor(row, outcomeOf(status), [code, message].filter((part) => part !== '').join(': ') || `status ${status}`)
}

const update = async ({ client }: Instance, rows: readonly ScoreRow[]): Promise<WriteResult[]> => {
  const strange = rows.map(strangeWord)
  const sent = rows.filter((_, at) => strange[at] === null)
  const answers = await client.bulk(
    sent.map(({ object, id, values }) => ({
      method: 'PUT',
      path: `/${SCORED[object]}/${encodeURIComponent(id)}`,
      body: Object.fromEntries(Object.entries(values).map(([name, value]) => [fieldName(name), valueOf(name, value)])),
    })),
  )
  const answered = new Map(sent.map((row, at) => [row, answers[at] ?? { status: 0, body: null }]))
  return rows.map((row, at) => {
    const why = strange[at] ?? null
    return why === null ? resultOf(row, answered.get(row) ?? { status: 0, body: null }) : answerFor(row, 'rejected', why)
  })
}

/** Writes batch by batch; a row that Sugar refuses fails alone. */
export async function* write(instance: Instance, rows: AsyncIterable<ScoreRow>): AsyncGenerator<WriteResult> {
  let batch: ScoreRow[] = []
  for await (const row of rows) {
    batch.push(row)
    if (batch.length < BATCH) continue
    instance.host.signal.throwIfAborted()
    yield* await update(instance, batch)
    batch = []
  }
  yield* await update(instance, batch)
}

/** What a write will cost. Sugar does not count calls, and does not tell which workflows listen to a field. */
export const estimate = (total: WriteTotals): Bill => {
  const rows = Object.values(total).reduce((sum, some) => sum + some, 0)
  return { calls: Math.ceil(rows / BATCH), quotaShare: null, minutes: (rows * SECONDS_PER_ROW) / 60, automations: null }
}
