import type { ScoreField } from '@assay/shared'
import { leftOver, tried } from '../../control/tried.ts'
import { recordsToPublish } from '../../store/publishing.ts'
import { scoredRun } from '../../store/runs.ts'
import { type Change, difference, isDue, isRefused } from './diff.ts'
import type { PublishInput } from './input.ts'
import { subjectOf } from './subject.ts'

/** What would be written, counted. */
export interface Counted {
  records: number
  changed: number
  refreshed: number
  cleared: number
  unchanged: number
  /** Left out because the CRM has refused these very values already. */
  refused: number
  /** Records that carry fields already. */
  carrying: number
}

export interface RecordChange {
  readonly id: string
  readonly change: Change
  readonly before: Readonly<Record<string, string>>
}

type Fields = Readonly<Record<string, string>>

const NONE: ReadonlySet<string> = new Set()
const PAGE = 1_000
/** Records compared at a stretch: the event loop is free in between. */
const STRETCH = 500
/** Somebody who said "not now" is asked again after this many days. */
const ASK_AGAIN_DAYS = 90
const DAY = 86_400_000

/** Compares every record of the run, and every one that carries fields, with what stands in the CRM; page by page. */
export async function* allChanges(input: PublishInput, publication: string, counted: Counted): AsyncIterable<readonly RecordChange[]> {
  const declined = await declinedOffers(input)
  const subject = subjectOf(input.object)
  const now = input.now()
  const { miners, scoredAt } = await scoredRun(input.store, input.connection, input.run)
  if (scoredAt === null) {
    // A run that scored nobody is a run that failed: it takes nothing back.
    input.log.warn('the last run scored nobody, so nothing is published')
    return
  }
  // A run that did not ask about such records says nothing about them.
  if (!Object.keys(subject.own).some((miner) => miners.has(miner))) return
  /** Records with a row that waits from an earlier publish, which are dealt with here. */
  const seen = new Set<string>()
  let compared = 0
  const silent = Object.entries(subject.own).flatMap(([miner, names]) => (miners.has(miner) ? [] : names))
  for await (const page of stretches(recordsToPublish(input.store, input.connection, input.object, input.run))) {
    input.signal.throwIfAborted()
    compared += page.length
    input.tell('compare', compared, null)
    const ids = page.map((record) => record.id)
    const before = await tried(input.control, input.connection, input.object, ids)
    for (const id of before.waiting.keys()) seen.add(id)
    yield page.flatMap((record): RecordChange[] => {
      const { published } = record
      if (published) counted.carrying++
      const scored = record.said.length > 0
      const wanted = subject.compose(
        {
          said: scored ? record.said : subject.gone,
          history: record.history,
          declined: declined.get(record.id) ?? NONE,
          scoredAt,
          notes: input.notes,
          ...(scored ? { kept: kept(published?.fields, silent) } : {}),
        },
        input.policy,
      )
      const due =
        published !== null &&
        (scored
          ? isDue(record.id, published.writtenAt, now, input.policy.refreshDays)
          : published.fields['score_note'] !== wanted['score_note'])
      const waiting = before.waiting.get(record.id)
      const unsure = waiting ? new Set([...Object.keys(waiting.values), ...Object.keys(waiting.after)]) : null
      const fields = fieldsOf(input, wanted, published?.fields ?? {}, unsure ?? NONE)
      // Nothing is left to clear of a record that is gone from the CRM and from the scores.
      const change = difference(
        wanted,
        { published: published?.fields ?? null, unsure, due: due && (scored || !isEmpty(published?.fields)) },
        fields,
      )
      if (change === null) {
        counted.unchanged++
        return []
      }
      if (isRefused(change.values, before.rejected.get(record.id), fields, { now, refreshDays: input.policy.refreshDays })) {
        counted.refused++
        return []
      }
      counted.records++
      counted[change.why]++
      return [{ id: record.id, change, before: published?.fields ?? {} }]
    })
  }
  yield* forgotten(input, publication, scoredAt, seen, counted)
}

async function* stretches<T>(pages: AsyncIterable<readonly T[]>): AsyncIterable<readonly T[]> {
  for await (const page of pages) for (let start = 0; start < page.length; start += STRETCH) yield page.slice(start, start + STRETCH)
}

const isEmpty = (fields: Fields | undefined): boolean => fields === undefined || Object.keys(fields).length === 0
const kept = (published: Fields | undefined, silent: readonly string[]): Fields =>
  Object.fromEntries(silent.flatMap((name) => (published?.[name] === undefined ? [] : [[name, published[name]]])))

/** The fields of today's miners, and those that are to be cleared because this record carries them from a miner that is silent now. */
function fieldsOf({ fields, object }: PublishInput, wanted: Fields, published: Fields, unsure: ReadonlySet<string>): readonly ScoreField[] {
  const names = new Set(fields.map((field) => field.name))
  const carried = ({ name }: ScoreField): boolean => published[name] !== undefined || unsure.has(name)
  const older = subjectOf(object).known.filter((field) => !names.has(field.name) && wanted[field.name] === undefined && carried(field))
  return older.length === 0 ? fields : [...fields, ...older]
}

/**
 * Rows that wait from an earlier publish, for records that no page above had: they may have been sent before that publish
 * was killed, so what they may have written is taken back.
 */
async function* forgotten(
  input: PublishInput,
  publication: string,
  scoredAt: number,
  seen: ReadonlySet<string>,
  counted: Counted,
): AsyncIterable<readonly RecordChange[]> {
  let after = 0
  for (;;) {
    const rows = await leftOver(input.control, input.connection, publication, after, PAGE)
    if (rows.length === 0) return
    after = rows[rows.length - 1]!.seq
    const { gone, compose } = subjectOf(input.object)
    const wanted = compose({ said: gone, history: [], declined: NONE, scoredAt, notes: input.notes }, input.policy)
    yield rows
      .filter((row) => row.object === input.object && !seen.has(row.id))
      .flatMap((row): RecordChange[] => {
        const unsure = new Set([...Object.keys(row.values), ...Object.keys(row.after)])
        const change = difference(wanted, { published: null, unsure, due: false }, fieldsOf(input, wanted, {}, unsure))
        if (change === null) return []
        counted.records++
        counted.cleared++
        return [{ id: row.id, change: { ...change, why: 'cleared' }, before: {} }]
      })
  }
}

async function declinedOffers(input: PublishInput): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const declined = new Map<string, Set<string>>()
  for (const answer of await input.control.feedback.list(input.connection)) {
    if (answer.object !== input.object) continue
    const over = answer.response === 'Not now' && input.now() - answer.at > ASK_AGAIN_DAYS * DAY
    if (over) continue
    const codes = declined.get(answer.id) ?? new Set()
    declined.set(answer.id, codes.add(answer.offer))
  }
  return declined
}
