import { isModule, MODULES, type ModuleName } from './modules.ts'
import { USER_IDS, type UserName } from './people.ts'
import { broken, denied, ok, refusal, type Reply } from './reply.ts'
import { isDenied, type ServerState } from './server-state.ts'
import { linkColumn, plainText, shown, type Row } from './values.ts'

/** V8: refusals are 400, values are damaged behind a 201, seconds are cut. */

const INSTANTS: ReadonlySet<string> = new Set(['datetime', 'datetimecombo'])

/** A record as V8 shows it. The digits of an instant are UTC and have no seconds; what stands behind them is the server's own offset. */
const shape = ({ store, quirks }: ServerState, module: ModuleName, row: Row, only: readonly string[] | null): object => {
  const attributes = Object.fromEntries(
    [...store.fields(module).values()].flatMap((field) => {
      if (field.name === 'id' || field.type === 'link' || (only !== null && !only.includes(field.name))) return []
      const value = shown(field, row[field.name] ?? null)
      const text = INSTANTS.has(field.type) && value !== '' ? `${value.slice(0, 16).replace(' ', 'T')}:00${quirks.offset}` : value
      return [[field.name, text]]
    }),
  )
  return {
    type: MODULES[module].bean,
    id: row['id'],
    // PHP writes an empty one as a list.
    attributes: Object.keys(attributes).length === 0 ? [] : attributes,
    relationships: { Accounts: { links: { related: `V8/module/${module}/${row['id']}/relationships/accounts` } } },
  }
}

const liveRow = ({ store }: ServerState, module: ModuleName, id: string): Row | null => {
  const row = store.row(module, id)
  return row === null || row['deleted'] === '1' ? null : row
}
/** The forms of an id that V8 knows: numbers, and UUIDs. What was imported under another one can be read over v4_1 alone. */
const KNOWN_ID = /^(\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i
const invalidId = (id: string): Reply => refusal(`The option "id" with value "${id}" is invalid.`)
const notFound = (module: string, id: string): Reply => refusal(`${module} module with id ${id} is not found`)

const attributesIn = (state: ServerState, module: ModuleName, given: unknown): Readonly<Record<string, unknown>> | Reply => {
  const attributes = (typeof given === 'object' && given !== null ? given : {}) as Readonly<Record<string, unknown>>
  const strange = Object.keys(attributes).find((name) => !state.store.fields(module).has(name))
  return strange === undefined ? attributes : refusal(`Property ${strange} in ${MODULES[module].bean} module is invalid`)
}
const isReply = (value: unknown): value is Reply =>
  typeof value === 'object' && value !== null && typeof (value as { status?: unknown }).status === 'number' && 'body' in value

/** Creating and changing. */
const save = (state: ServerState, user: UserName, isNew: boolean, body: unknown): Reply => {
  const { data } = (typeof body === 'object' && body !== null ? body : {}) as {
    data?: { type?: unknown; id?: unknown; attributes?: unknown }
  }
  const module = plainText(data?.type)
  if (!isModule(module)) return refusal(`Module ${module} does not exist`)
  const given = typeof data?.id === 'string' ? data.id : null
  if (given !== null && !KNOWN_ID.test(given)) return invalidId(given)
  if (isNew && given !== null && state.store.row(module, given) !== null) return refusal(`Bean ${module} with id ${given} is already exist`)
  if (!isNew && (given === null || liveRow(state, module, given) === null)) return notFound(module, given ?? '')
  if (isDenied(state, user, module, 'edit')) return denied()
  if (given !== null && state.breaks.has(given)) return broken()
  const values = attributesIn(state, module, data?.attributes ?? {})
  if (isReply(values)) return values
  const id = given ?? crypto.randomUUID()
  state.store.write(module, id, { ...values, ...derived(state, module, id, values) })
  state.writes.push({ road: 'V8', method: isNew ? 'create' : 'update', module, id, values })
  return { status: 201, body: { data: shape(state, module, state.store.row(module, id) ?? {}, null) } }
}

/** What saving works out by itself. */
const derived = (state: ServerState, module: ModuleName, id: string, values: Readonly<Record<string, unknown>>): object => {
  if (module !== 'Opportunities' || values['amount'] === undefined || values['amount_usdollar'] !== undefined) return {}
  const currency = values['currency_id'] ?? state.store.row(module, id)?.['currency_id'] ?? '-99'
  return currency === '-99' || currency === '' ? { amount_usdollar: values['amount'], currency_id: '-99' } : {}
}

const OPERATORS: Readonly<Record<string, (left: string, right: string) => boolean>> = {
  eq: (left, right) => left === right,
  neq: (left, right) => left !== right,
  gt: (left, right) => left > right,
  gte: (left, right) => left >= right,
  lt: (left, right) => left < right,
  lte: (left, right) => left <= right,
}

/** The list: pages by number, one sort field, conditions on the true values, and a breakdown over what is deleted. */
const list = (state: ServerState, module: ModuleName, query: URLSearchParams): Reply => {
  const fields = state.store.fields(module)
  const sort = query.get('sort') ?? ''
  const by = sort.replace(/^-/, '')
  if (sort !== '' && !fields.has(by)) return refusal(`Invalid sort parameter: ${sort}`)
  const number = Number(query.get('page[number]') ?? 1)
  if (!(number >= 1)) return refusal('The option "number" with value 0 is invalid.')
  const conditions: ((row: Row) => boolean)[] = []
  let asksDeleted = false
  for (const [key, value] of query) {
    const [, field, operator] = /^filter\[(\w+)\]\[(\w+)\]$/.exec(key) ?? []
    if (field === undefined || operator === undefined) continue
    const compare = OPERATORS[operator]
    if (!fields.has(field) || compare === undefined) return refusal(`Filter field ${field} in ${MODULES[module].bean} module is not found`)
    if (field === 'deleted') asksDeleted = value === '1'
    conditions.push((row) => compare(row[field] ?? '', value))
  }
  const found = state.store
    .inOrder(module)
    .filter((row) => (asksDeleted || row['deleted'] !== '1') && conditions.every((condition) => condition(row)))
  const gone = found.find((row) => row['deleted'] === '1')
  // Every bean is read again, and one that is deleted is not found.
  if (gone !== undefined) return notFound(module, String(gone['id']))
  const direction = sort.startsWith('-') ? -1 : 1
  const rows = sort === '' ? found : [...found].sort((left, right) => (left[by] ?? '').localeCompare(right[by] ?? '') * direction)
  const size = query.get('page[size]')
  const most = size === null ? 20 : Number(size)
  const page = rows.slice((number - 1) * most, number * most)
  if (page.length === 0) return ok({ meta: { message: 'Request was successful, but there is no result' }, data: [] })
  const only = query.get(`fields[${module}]`)?.split(',') ?? null
  const data = page.map((row) => shape(state, module, row, only))
  if (size === null) return ok({ data })
  return ok({
    meta: { 'total-pages': Math.ceil(rows.length / most), 'records-on-this-page': page.length },
    data,
    links: { first: null, prev: null, next: null, last: null },
  })
}

const fieldList = (state: ServerState, user: UserName, module: string): Reply => {
  if (!isModule(module) || MODULES[module].hidden === true || isDenied(state, user, module))
    return refusal('The API user does not have access to this module.')
  const attributes = Object.fromEntries(
    [...state.store.fields(module).values()].map(({ name, type, len, source }) => [
      name,
      {
        type,
        dbType: type,
        required: false,
        ...(source === undefined ? {} : { source }),
        ...(len === undefined ? {} : { len: String(len) }),
      },
    ]),
  )
  return ok({ data: { type: 'fields', id: '', attributes } })
}

/** A contact put beside a record. */
const relate = (state: ServerState, module: ModuleName, id: string, body: unknown): Reply => {
  const row = liveRow(state, module, id)
  if (row === null) return notFound(module, id)
  const { data } = (body ?? {}) as { data?: { type?: unknown; id?: unknown } }
  const other = plainText(data?.type)
  if (!isModule(other) || liveRow(state, other, plainText(data?.id)) === null) return notFound(other, plainText(data?.id))
  const column = linkColumn(other.toLowerCase())
  state.store.put(module, { ...row, [column]: [row[column], plainText(data?.id)].filter((each) => each).join(',') })
  return { status: 201, body: { meta: { message: `${other} with id ${plainText(data?.id)} has been added` } } }
}

/** `rest`: what follows `/Api/V8/`, in parts. */
export function api(
  state: ServerState,
  request: {
    readonly method: string
    readonly rest: readonly string[]
    readonly query: URLSearchParams
    readonly body: unknown
    readonly token: string
  },
): Reply {
  const { method, rest, query, body, token } = request
  const user = state.sessions.tokenUser(token)
  if (user === null)
    return {
      status: 401,
      body: {
        error: 'access_denied',
        error_description: 'The resource owner or authorization server denied the request.',
        hint: token === '' ? 'Missing "Authorization" header' : 'Access token has been revoked',
      },
    }
  const [first = '', second = '', third = '', fourth = ''] = rest
  if (first === 'current-user')
    return ok({
      data: { type: 'User', id: USER_IDS[user], attributes: { user_name: user, full_name: user, is_admin: user === 'admin' ? '1' : '0' } },
    })
  if (first === 'meta' && second === 'fields') return fieldList(state, user, third)
  if (first !== 'module') return { status: 404, page: '<h1>Page Not Found</h1>' }
  if (second === '') return method === 'POST' || method === 'PATCH' ? save(state, user, method === 'POST', body) : { status: 405, page: '' }
  if (!isModule(second)) return refusal(`Module ${second} does not exist`)
  if (isDenied(state, user, second)) return denied()
  if (third === '') return list(state, second, query)
  if (fourth === 'relationships' && method === 'POST') return relate(state, second, third, body)
  if (!KNOWN_ID.test(third)) return invalidId(third)
  const row = liveRow(state, second, third)
  if (row === null) return notFound(second, third)
  if (method === 'GET') return ok({ data: shape(state, second, row, query.get(`fields[${second}]`)?.split(',') ?? null) })
  if (method !== 'DELETE') return { status: 405, page: '' }
  if (isDenied(state, user, second, 'edit')) return denied()
  state.store.delete(second, third)
  state.writes.push({ road: 'V8', method: 'delete', module: second, id: third, values: {} })
  return ok({ meta: { message: `Record with id ${third} is deleted` } })
}
