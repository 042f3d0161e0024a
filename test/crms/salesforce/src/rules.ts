import type { ObjectName } from './objects.ts'
import type { Problem } from './reply.ts'
import type { Row } from './values.ts'

/** Something an admin of the org has forbidden: a validation rule, a duplicate rule, a trigger that throws. */
export interface Rule {
  readonly object: ObjectName
  /** Whether a row, as it would be after the write, is refused. */
  readonly rejects: (row: Row) => boolean
  readonly message: string
  /** Default FIELD_CUSTOM_VALIDATION_EXCEPTION. */
  readonly code?: string
  readonly fields?: readonly string[]
}

/** What stands in the way of writes: rules, and rows that somebody else holds. */
export interface Obstacles {
  add(rule: Rule): void
  /** The next `times` writes to one of these rows, or to rows below one of them, find it locked. */
  lock(ids: readonly string[], times: number): void
  /** The next `times` rows written to an object are refused like this, whatever is in them. */
  fail(object: ObjectName, problem: Problem, times: number): void
  /** These are held by a write that is going on, until what comes back is called. */
  hold(parents: ReadonlySet<string>): () => void
  /** Whether a write that is going on holds it. */
  isHeld(id: string): boolean
  check(object: ObjectName, id: string | null, row: Row, parents: readonly string[]): Problem | null
}

export const LOCKED: Problem = {
  code: 'UNABLE_TO_LOCK_ROW',
  message: 'unable to obtain exclusive access to this record or 1 records',
  fields: [],
}

export function createObstacles(): Obstacles {
  const rules: Rule[] = []
  const locks = new Map<string, number>()
  const failures: { object: ObjectName; problem: Problem; left: number }[] = []
  const held = new Map<string, number>()
  const change = (id: string, by: number): void => void held.set(id, (held.get(id) ?? 0) + by)

  return {
    add: (rule) => void rules.push(rule),
    lock(ids, times) {
      for (const id of ids) locks.set(id, times)
    },
    fail: (object, problem, times) => void failures.push({ object, problem, left: times }),
    hold(parents) {
      for (const id of parents) change(id, 1)
      return () => {
        for (const id of parents) change(id, -1)
      }
    },
    isHeld: (id) => (held.get(id) ?? 0) > 0,
    check(object, id, row, parents) {
      for (const key of id === null ? parents : [id, ...parents]) {
        const left = locks.get(key) ?? 0
        if (left > 0) {
          locks.set(key, left - 1)
          return LOCKED
        }
      }
      const failure = failures.find((each) => each.object === object && each.left > 0)
      if (failure !== undefined) {
        failure.left -= 1
        return failure.problem
      }
      const broken = rules.find((rule) => rule.object === object && rule.rejects(row))
      return broken === undefined
        ? null
        : { code: broken.code ?? 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: broken.message, fields: broken.fields ?? [] }
    },
  }
}
