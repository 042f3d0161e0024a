import type { LiveRecord } from '@assay/shared'
import { sugarId } from './ids.ts'
import { stageKey, statusOfStage } from './to-sugar.ts'
import { dateText, wholeSecond, type Value } from './values.ts'

/** One line of a record's audit log. */
export interface Audit {
  readonly field: string
  readonly type: string
  readonly before: Value
  readonly after: Value
  readonly at: number
  readonly userId: string
}

type Change = LiveRecord<'dealHistory'>['body']

const FIELDS = {
  stage: { field: 'sales_stage', type: 'enum' },
  amount: { field: 'amount', type: 'currency' },
  closedAt: { field: 'date_closed', type: 'date' },
  ownerId: { field: 'assigned_user_id', type: 'id' },
} as const

const valueOf = ({ field, value, isClosed, isWon }: Change): Value => {
  if (field === 'stage') return stageKey(value, isClosed, isWon)
  if (value === null) return null
  if (field === 'amount') return Number(value)
  return field === 'closedAt' ? dateText(Date.parse(value)) : sugarId('Users', value)
}

/**
 * A deal's history as its audit log, oldest first: each change with the value before and after. What a field held from the beginning is no
 * change: it is the value before the first one. `userId`: who made the changes.
 */
export function auditOf(changes: readonly LiveRecord<'dealHistory'>[], createdAt: number, enterprise: boolean, userId: string): Audit[] {
  const lines: Audit[] = []
  const last = new Map<string, Value>()
  for (const { body } of changes) {
    const { field, type } = FIELDS[body.field]
    const after = valueOf(body)
    const before = last.get(field) ?? null
    const at = wholeSecond(body.changedAt)
    last.set(field, after)
    if (at <= wholeSecond(createdAt) || before === after) continue
    lines.push({ field, type, before, after, at, userId })
    if (field !== 'sales_stage' || !enterprise) continue
    const [was, is] = [statusOfStage(before), statusOfStage(after)]
    if (was !== is) lines.push({ field: 'sales_status', type: 'enum', before: was, after: is, at, userId })
  }
  return lines
}
