import {
  type AlertTask,
  AssayError,
  type Cursor,
  type Page,
  type ScoreRow,
  type ScoreValue,
  type Session,
  type TaskResult,
  type WriteResult,
} from '@assay/shared'

type Answer = 'written' | 'rejected' | 'gone' | 'failed'

/** A CRM in memory: what stands in its fields, its tasks, every call that was made, and faults on demand. */
export interface FakeCrm {
  readonly session: Session
  /** By record id, what its Assay fields hold. */
  readonly fields: Map<string, Record<string, ScoreValue>>
  /** Every row that was written, in order. */
  readonly rows: ScoreRow[]
  readonly tasks: Map<string, AlertTask & { readonly taskId: string; closed: boolean }>
  readonly calls: AlertTask[]
  /** How the CRM answers for one row; all are written when left alone. */
  answer: (row: ScoreRow) => Answer
  /** Called before each row is taken; throws to break the call off. */
  before: (row: ScoreRow, position: number) => void
  /** Called after a task was made or changed, before the answer goes back. */
  afterTask: (task: AlertTask) => void
  beforeTask: (task: AlertTask) => void
  pages: Page[]
}

export function fakeCrm(): FakeCrm {
  const fields: FakeCrm['fields'] = new Map()
  const refuse = (): never => {
    throw new AssayError('config', 'the fake CRM cannot do that')
  }
  const crm: FakeCrm = {
    fields,
    rows: [],
    tasks: new Map(),
    calls: [],
    answer: () => 'written',
    before: () => undefined,
    beforeTask: () => undefined,
    afterTask: () => undefined,
    pages: [],
    session: {
      check: async () => ({
        signedInAs: 'test',
        account: 'test',
        currency: 'EUR',
        kinds: [],
        quota: { limit: null, remaining: null, resetsAt: null },
        missing: [],
        surplus: [],
      }),
      reads: () => ({}),
      async *read(kind) {
        for (const page of crm.pages)
          yield { ...page, records: page.records.filter((record) => record.kind === kind), next: 'end' as Cursor }
      },
      readIds: refuse,
      // Every field is there already.
      plan: async (asked) => ({ create: [], keep: asked.map(({ name, label }) => ({ object: 'account', name, label })), clash: [] }),
      ensureFields: refuse,
      removeFields: refuse,
      estimate: async (total) => ({
        calls: Math.ceil(Object.values(total).reduce((a, b) => a + b, 0) / 100),
        quotaShare: null,
        minutes: 0,
        automations: null,
      }),
      async *write(rows) {
        let position = 0
        for await (const row of rows) {
          crm.before(row, position++)
          const outcome = crm.answer(row)
          if (outcome === 'written') {
            crm.rows.push(row)
            fields.set(row.id, { ...fields.get(row.id), ...row.values })
            yield { object: row.object, id: row.id, outcome } satisfies WriteResult
          } else yield { object: row.object, id: row.id, outcome, why: `${outcome} by the fake CRM` } satisfies WriteResult
        }
      },
      async upsertTask(task): Promise<TaskResult> {
        crm.beforeTask(task)
        crm.calls.push(task)
        const existing = crm.tasks.get(task.key)
        const taskId = existing?.taskId ?? `t${crm.tasks.size + 1}`
        if (existing?.closed) return { taskId, outcome: 'unchanged' }
        if (!existing && task.state === 'closed') return { taskId: '', outcome: 'unchanged' }
        crm.tasks.set(task.key, { ...task, taskId, closed: task.state === 'closed' })
        crm.afterTask(task)
        return { taskId, outcome: existing ? (task.state === 'closed' ? 'closed' : 'updated') : 'created' }
      },
      close: async () => undefined,
    },
  }
  return crm
}

/** What a power cut looks like to the step: an error that nobody expects. */
export class Killed extends Error {}
