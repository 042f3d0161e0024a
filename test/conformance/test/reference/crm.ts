import type { Fault, TestClock } from '../../src/connector/index.ts'

/** One record of the reference CRM. Custom fields hold texts. */
export interface Row {
  readonly id: string
  readonly kind: string
  name: string | null
  readonly createdAt: number
  modifiedAt: number
  deletedAt: number | null
  mergedInto: string | null
  custom: Record<string, string | null>
  history: { readonly value: string; readonly at: number }[]
}
export interface CustomField {
  readonly name: string
  readonly type: string
  readonly options: readonly string[] | null
  readonly madeByAssay: boolean
}
export interface Task {
  readonly id: string
  readonly about: string
  title: string
  body: string
  isOpen: boolean
  modifiedAt: number
}

export const LAG = 60_000
export const CAP = 200
export const PAGE = 20
export const TOKEN = 'reference-token-5f2c'

/** A CRM in memory, with paging, a lagging index with a cap, custom fields and tasks, behind a function shaped like `fetch`. */
export interface ReferenceCrm {
  readonly rows: Row[]
  readonly fields: CustomField[]
  readonly tasks: Task[]
  readonly hidden: Set<string>
  calls: number
  fault: Fault | null
  create(kind: string, name: string | null): Row
  fetch(url: string, init: { method: string; headers: Record<string, string>; body?: string }): Promise<Response>
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

const compare = (left: { readonly id: string }, right: { readonly id: string }): number => Number(left.id) - Number(right.id)

export const referenceCrm = (clock: TestClock): ReferenceCrm => {
  let lastId = 1000
  let forbidden: string | null = null
  let signedOut = false

  const nextId = () => String((lastId += 1))
  const find = (id: unknown) => crm.rows.find((row) => row.id === String(id))

  /** A stretch of `PAGE` rows after an id. `cap` is how far one search reaches. */
  const page = (rows: Row[], query: URLSearchParams, cap = Infinity): Response => {
    const after = Number(query.get('after') ?? 0)
    const offset = Number(query.get('offset') ?? 0)
    if (offset + PAGE > cap) return json(400, { why: `no search reaches past ${cap}` })
    const rest = rows.sort(compare).filter((row) => Number(row.id) > after)
    const shown = rest.slice(offset, offset + PAGE).map((row) => ({
      ...row,
      name: crm.hidden.has('name') ? null : row.name,
    }))
    return json(200, { rows: shown, more: rest.length > offset + PAGE })
  }

  const write = (row: Row | undefined, values: Record<string, string | null>): { outcome: string; why?: string } => {
    if (row === undefined || row.deletedAt !== null) return { outcome: 'gone', why: 'no such record' }
    for (const [name, value] of Object.entries(values)) {
      const field = crm.fields.find((entry) => entry.name === name)
      if (field === undefined) return { outcome: 'rejected', why: `no field ${name}` }
      if (value !== null && field.options !== null && !field.options.includes(value))
        return { outcome: 'rejected', why: `${name}: not in the list` }
    }
    Object.assign(row.custom, values)
    row.modifiedAt = clock.now()
    return { outcome: 'written' }
  }

  const answer = (method: string, url: URL, body: Record<string, unknown>): Response => {
    const [, area = '', name = ''] = url.pathname.split('/')
    const query = url.searchParams
    if (area === 'me') return json(200, { user: 'Ada', account: 'reference', forbidden, hidden: [...crm.hidden] })
    if (area === 'records') {
      if (name === forbidden) return json(403, { scope: `${name}.read` })
      const rows = crm.rows.filter((row) => row.kind === name && row.deletedAt === null)
      const since = query.get('since')
      if (since === null) return page(rows, query)
      const shown = rows.filter((row) => row.modifiedAt >= Number(since) && row.modifiedAt + LAG <= clock.now())
      return page(shown, query, CAP)
    }
    if (area === 'deleted') {
      const since = Number(query.get('since') ?? 0)
      return json(200, { rows: crm.rows.filter((row) => row.kind === name && row.deletedAt !== null && row.deletedAt >= since) })
    }
    if (area === 'named') return json(200, { rows: (body['ids'] as string[]).map((id) => find(id) ?? null) })
    if (area === 'batch') {
      const rows = body['rows'] as { id: string; values: Record<string, string | null> }[]
      return json(200, { rows: rows.map(({ id, values }) => ({ id, ...write(find(id), values) })) })
    }
    if (area === 'fields') {
      if (method === 'POST') crm.fields.push({ ...(body as unknown as CustomField), madeByAssay: true })
      if (method === 'DELETE') crm.fields.splice(0, crm.fields.length, ...crm.fields.filter((field) => field.name !== name))
      return json(200, { fields: crm.fields })
    }
    if (area === 'tasks') {
      if (method === 'POST') {
        const task = { id: nextId(), isOpen: true, modifiedAt: clock.now(), ...body } as Task
        crm.tasks.push(task)
        return json(200, { task })
      }
      if (method === 'PATCH') {
        const task = crm.tasks.find(({ id }) => id === name)
        if (task !== undefined) Object.assign(task, body)
        return json(200, { task })
      }
      return json(200, { tasks: crm.tasks.filter((task) => query.get('about') === null || task.about === query.get('about')) })
    }
    return json(404, { why: 'no such area' })
  }

  /** The next call's trouble, or null. Faults that count are used up here. */
  const trouble = (changes: boolean): Fault['type'] | null => {
    const { fault } = crm
    if (fault === null) return null
    if (fault.type === 'noScope') forbidden = fault.kind
    if (fault.type === 'signedOut') signedOut = true
    if (!('times' in fault)) return fault.type
    if (fault.type === 'unanswered' && !changes) return null
    crm.fault = fault.times > 1 ? { ...fault, times: fault.times - 1 } : null
    return fault.type
  }

  const crm: ReferenceCrm = {
    rows: [],
    fields: [],
    tasks: [],
    hidden: new Set(),
    calls: 0,
    fault: null,
    create(kind, name) {
      const at = clock.now()
      const row: Row = {
        id: nextId(),
        kind,
        name,
        createdAt: at,
        modifiedAt: at,
        deletedAt: null,
        mergedInto: null,
        custom: {},
        history: [],
      }
      crm.rows.push(row)
      return row
    },
    async fetch(address, init) {
      crm.calls += 1
      await Promise.resolve()
      const url = new URL(address)
      const body = init.body === undefined ? {} : (JSON.parse(init.body) as Record<string, unknown>)
      const changes = init.method !== 'GET' && /^\/(tasks|batch)/.test(url.pathname)
      const waitMs = crm.fault?.type === 'tooFast' ? crm.fault.waitMs : 0
      switch (trouble(changes)) {
        case 'tooFast':
          return json(429, { why: 'too fast' }, { 'retry-after-ms': String(waitMs) })
        case 'dayUsedUp':
          return json(429, { why: 'the day is used up' }, { 'retry-after-ms': String(6 * 3_600_000) })
        case 'unavailable':
          return json(503, { why: 'down' })
        case 'dropped':
          throw new TypeError('fetch failed')
        case 'unanswered':
          answer(init.method, url, body)
          throw new TypeError('fetch failed')
        case 'silence':
          return new Promise(() => undefined)
        case 'notJson':
          return new Response('<html>maintenance</html>', { status: 200 })
        default:
      }
      if (signedOut || init.headers['authorization'] !== `Bearer ${TOKEN}`) return json(401, { why: 'sign in' })
      return answer(init.method, url, body)
    },
  }
  return crm
}
