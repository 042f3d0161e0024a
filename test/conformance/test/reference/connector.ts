import { ASSAY_PREFIX, ASSAY_TASK_MARK, AssayError, OFFER_FIELDS } from '@assay/shared'
import type { Body, Connector, CrmRecord, Cursor, Host, Kind, Page, ScoreField, Session, WriteResult } from '@assay/shared'
import type { CustomField, Row, Task } from './crm.ts'

/**
 * A connector that keeps every promise, small enough to be read at once: what the suite is tested with. Its settings take
 * the token as a text.
 */
export interface ReferenceSettings {
  readonly token: string
}

interface Place {
  readonly step: 'list' | 'changes' | 'rest'
  readonly after: string | null
  readonly from: number | null
  readonly until: number
}

const OVERLAP = 300_000
const PATIENCE = 60_000
const BATCH = 50
const KINDS: readonly Kind[] = ['account', 'deal', 'dealHistory', 'activity']
const FIELDS = ['id', 'name', 'createdAt', 'modifiedAt', 'deletedAt', 'mergedInto']
const ANSWERS = new Set(OFFER_FIELDS.filter((field) => field.setByPeople).map((field) => ASSAY_PREFIX + field.name))

const NOTHING = {
  account: {
    name: null,
    domain: null,
    industry: null,
    type: null,
    country: null,
    city: null,
    employees: null,
    annualRevenue: null,
    ownerId: null,
    parentId: null,
  },
  deal: {
    name: null,
    accountId: null,
    contactId: null,
    ownerId: null,
    pipeline: null,
    stage: null,
    isClosed: null,
    isWon: null,
    amount: null,
    currency: null,
    homeAmount: null,
    type: null,
    closedAt: null,
  },
  activity: {
    type: null,
    direction: null,
    accountId: null,
    contactId: null,
    dealId: null,
    ownerId: null,
    happenedAt: null,
    durationSeconds: null,
    outcome: null,
  },
}

const recordOf = (row: Row, first: boolean): CrmRecord[] => {
  const kind = row.kind as 'account' | 'deal' | 'activity'
  if (row.deletedAt !== null) {
    return [{ kind, id: row.id, version: row.deletedAt, knownAt: row.deletedAt, deleted: true, mergedInto: row.mergedInto }]
  }
  const attributes = Object.fromEntries(Object.entries(row.custom).filter(([name]) => !name.startsWith(ASSAY_PREFIX) || ANSWERS.has(name)))
  const head = { id: row.id, version: row.modifiedAt, knownAt: first ? row.createdAt : row.modifiedAt, deleted: false, attributes } as const
  const name = row.name
  const { createdAt } = row
  if (kind === 'account') return [{ kind, ...head, body: { ...NOTHING.account, name, createdAt } }]
  if (kind === 'activity') return [{ kind, ...head, body: { ...NOTHING.activity, outcome: name, createdAt } }]
  const history = row.history.map(({ value, at }): CrmRecord => {
    const body: Body<'dealHistory'> = { dealId: row.id, field: 'stage', value, isClosed: false, isWon: false, changedAt: at }
    return { kind: 'dealHistory', id: `${row.id}-stage-${at}`, version: at, knownAt: at, deleted: false, attributes: {}, body }
  })
  return [{ kind, ...head, body: { ...NOTHING.deal, name, createdAt } }, ...history]
}

const openClient = (token: string, host: Host) => {
  const aborted = new Promise<never>((_, reject) => {
    host.signal.addEventListener('abort', () => reject(host.signal.reason as Error))
  })
  aborted.catch(() => undefined)
  const once = async (method: string, path: string, body: unknown) => {
    host.signal.throwIfAborted()
    await host.quota.take(1)
    const request = { method, headers: { authorization: `Bearer ${token}` }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const response = await Promise.race([host.fetch(`http://crm${path}`, request), aborted])
    const text = await response.text()
    return { status: response.status, headers: response.headers, text }
  }
  return async <T>(method: string, path: string, body?: unknown, repeatable = true): Promise<T> => {
    for (let tries = 1; ; tries += 1) {
      let error: AssayError
      let waitMs = 1000 * 2 ** tries
      try {
        const { status, headers, text } = await once(method, path, body)
        if (status === 200 && text.startsWith('{')) return JSON.parse(text) as T
        if (status === 401) throw new AssayError('auth', 'The sign-in ended.', { hint: 'Sign in again.' })
        if (status === 403) throw new AssayError('config', 'Missing.', { hint: `Add ${(JSON.parse(text) as { scope: string }).scope}.` })
        if (status === 400) throw new AssayError('rejected', text)
        if (status === 429) {
          waitMs = Number(headers.get('retry-after-ms'))
          error = new AssayError('limit', 'Too fast.', { retryAfterMs: waitMs })
          if (waitMs > PATIENCE) throw error
        } else error = new AssayError(status === 200 ? 'data' : 'offline', `Answer ${status}.`)
      } catch (thrown) {
        if (thrown instanceof AssayError || host.signal.aborted) throw thrown
        error = new AssayError('offline', 'No connection.')
      }
      if (tries >= 4 || (error.kind === 'offline' && !repeatable)) throw error
      host.log.debug('trying again', { path, why: error.message })
      await host.sleep(waitMs)
    }
  }
}

const placeOf = (cursor: Cursor | null, now: number): Place => {
  if (cursor === null) return { step: 'list', after: null, from: null, until: now }
  const said = JSON.parse(cursor) as Place
  return said.step === 'rest' ? { step: 'changes', after: null, from: said.until - OVERLAP, until: now } : said
}

const typeOf = (field: ScoreField): string => (field.type === 'currency' ? 'number' : field.type)

const open = ({ token }: ReferenceSettings, host: Host): Session => {
  const call = openClient(token, host)

  const readKind = async function* (kind: Kind, since: Cursor | null): AsyncGenerator<Page> {
    let place = placeOf(since, host.now())
    const rest = { ...place, step: 'rest', after: null } as const
    if (kind === 'dealHistory') {
      yield { records: [], next: JSON.stringify(rest) as Cursor }
      return
    }
    for (let more = true; more;) {
      const window = place.from === null ? '' : `&since=${place.from}`
      const answer = await call<{ rows: Row[]; more: boolean }>('GET', `/records/${kind}?after=${place.after ?? 0}${window}`)
      more = answer.more
      place = { ...place, after: answer.rows.at(-1)?.id ?? place.after }
      yield { records: answer.rows.flatMap((row) => recordOf(row, place.from === null)), next: JSON.stringify(place) as Cursor }
    }
    const gone = await call<{ rows: Row[] }>('GET', `/deleted/${kind}?since=${place.from ?? 0}`)
    yield { records: gone.rows.flatMap((row) => recordOf(row, false)), next: JSON.stringify(rest) as Cursor }
  }

  /** Assay's own tasks are no activities; this CRM keeps tasks apart, so there is nothing to leave out. */
  const session: Session = {
    async check() {
      const me = await call<{ user: string; account: string; forbidden: string | null; hidden: string[] }>('GET', '/me')
      const kinds = KINDS.map((kind) => {
        const readable = kind !== me.forbidden
        const fields = FIELDS.map((name) => {
          const seen = !me.hidden.includes(name)
          return { name, readable: seen, writable: null, why: seen ? null : 'hidden from this sign-in' }
        })
        return { kind, source: kind, readable, why: readable ? null : `${kind}.read is missing`, records: null, fields }
      })
      const missing = me.forbidden === null ? [] : [{ what: `scope ${me.forbidden}.read`, hint: 'Add it.' }]
      const quota = { limit: null, remaining: null, resetsAt: null }
      return { signedInAs: me.user, account: me.account, currency: null, kinds, quota, missing, surplus: [] }
    },
    reads: () => Object.fromEntries(KINDS.map((kind) => [kind, FIELDS])),
    read: readKind,
    async *readIds(kind, ids) {
      const { rows } = await call<{ rows: (Row | null)[] }>('POST', `/named/${kind}`, { ids })
      const now = host.now()
      const records = rows.flatMap((row, at): CrmRecord[] =>
        row === null ? [{ kind, id: ids[at] ?? '', version: now, knownAt: now, deleted: true, mergedInto: null }] : recordOf(row, false),
      )
      yield { records, next: JSON.stringify({ ...placeOf(null, now), step: 'rest' }) as Cursor }
    },
    async plan(fields) {
      const existing = (await call<{ fields: CustomField[] }>('GET', '/fields')).fields
      const entries = fields.map((field) => {
        const name = ASSAY_PREFIX + field.name
        const there = existing.find((entry) => entry.name === name)
        return { object: 'account', name, label: field.label, type: there?.type ?? null, wanted: typeOf(field) }
      })
      return {
        create: entries.filter(({ type }) => type === null),
        keep: entries.filter(({ type, wanted }) => type === wanted),
        clash: entries
          .filter(({ type, wanted }) => type !== null && type !== wanted)
          .map((entry) => ({ ...entry, why: `it is ${entry.type}` })),
      }
    },
    async ensureFields(fields) {
      const plan = await session.plan(fields)
      if (plan.clash[0] !== undefined) throw new AssayError('config', `In the way: ${plan.clash.map(({ name }) => name).join(', ')}`)
      for (const { name } of plan.create) {
        const field = fields.find((entry) => ASSAY_PREFIX + entry.name === name)
        if (field !== undefined) await call('POST', '/fields', { name, type: typeOf(field), options: field.options ?? null })
      }
      return {
        connector: 'reference',
        madeAt: host.now(),
        made: plan.create.map(({ object, name }) => ({ type: 'field' as const, object, name })),
      }
    },
    async removeFields(receipt) {
      const { fields } = await call<{ fields: CustomField[] }>('GET', '/fields')
      const doomed = fields.filter((field) => (receipt === null ? field.madeByAssay : receipt.made.some(({ name }) => name === field.name)))
      for (const { name } of doomed) await call('DELETE', `/fields/${name}`)
      const named = (list: CustomField[]) => list.map(({ name }) => ({ object: 'account', name }))
      return { removed: named(doomed), blocked: [], left: named(fields.filter((field) => !doomed.includes(field))) }
    },
    estimate: (total) =>
      Promise.resolve({ calls: Math.ceil((total.account ?? 0) / BATCH), quotaShare: null, minutes: 0, automations: null }),
    async *write(rows) {
      let batch: { id: string; values: Record<string, string | null> }[] = []
      const flush = async (): Promise<WriteResult[]> => {
        if (batch.length === 0) return []
        const answer = await call<{ rows: { id: string; outcome: 'written' | 'rejected' | 'gone'; why: string }[] }>('POST', '/batch', {
          rows: batch,
        })
        batch = []
        return answer.rows.map(({ id, outcome, why }) =>
          outcome === 'written' ? { object: 'account', id, outcome } : { object: 'account', id, outcome, why },
        )
      }
      for await (const { id, values } of rows) {
        const texts = Object.entries(values).map(([name, value]) => [ASSAY_PREFIX + name, value === null ? null : String(value)])
        batch.push({ id, values: Object.fromEntries(texts) as Record<string, string | null> })
        if (batch.length === BATCH) yield* await flush()
      }
      yield* await flush()
    },
    async upsertTask(task) {
      const mark = `${ASSAY_TASK_MARK}${task.key}]`
      const { tasks } = await call<{ tasks: Task[] }>('GET', `/tasks?about=${task.id}`)
      const there = tasks.find(({ id, body }) => id === task.taskId || body.includes(mark))
      const said = { about: task.id, title: task.title, body: `${task.body}\n${mark}` }
      if (there === undefined) {
        const made = await call<{ task: Task }>('POST', '/tasks', said, false)
        return { taskId: made.task.id, outcome: 'created' }
      }
      const isOpen = there.isOpen && task.state === 'open'
      if (!there.isOpen || (isOpen && there.title === task.title && there.body === said.body))
        return { taskId: there.id, outcome: 'unchanged' }
      await call('PATCH', `/tasks/${there.id}`, { ...said, isOpen })
      return { taskId: there.id, outcome: isOpen ? 'updated' : 'closed' }
    },
    close: () => Promise.resolve(),
  }
  return session
}

export const referenceConnector: Omit<Connector<ReferenceSettings>, 'settings'> = {
  id: 'reference',
  title: 'Reference',
  capabilities: {
    kinds: KINDS,
    incremental: true,
    deletions: true,
    merges: true,
    history: true,
    readIds: true,
    fields: true,
    write: true,
    tasks: true,
    objects: ['account'],
  },
  open,
}
