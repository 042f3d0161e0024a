import { isModule, MODULES, type ModuleName } from './modules.ts'
import { USER_IDS } from './people.ts'
import { broken, fault, ok, type Reply } from './reply.ts'
import { isDenied, type ServerState } from './server-state.ts'
import { conditionOf, SqlError } from './sql.ts'
import { linkColumn, shown, type Row } from './values.ts'

/** v4_1: every answer is a 200, failures too. */

type Arguments = Readonly<Record<string, unknown>>

/** The arguments of each method in the order of its own; those after `|` may be left out. */
const METHODS: Readonly<Record<string, string>> = {
  login: 'user_auth application_name name_value_list',
  get_server_info: '|',
  get_entry_list: 'session module_name query order_by offset select_fields link_name_to_fields_array max_results deleted | favorites',
  get_entry: 'session module_name id select_fields link_name_to_fields_array | track_view',
  get_module_fields: 'session module_name | fields',
  set_entry: 'session module_name name_value_list',
  set_entries: 'session module_name name_value_lists',
}

/** The arguments as the method gets them; null where PHP breaks down over them. */
const boundTo = (signature: string, given: Arguments, by: 'name' | 'place'): Arguments | null => {
  const [needed = '', optional = ''] = signature.split('|').map((part) => part.trim())
  const required = needed.split(' ').filter((name) => name !== '')
  const all = [...required, ...optional.split(' ').filter((name) => name !== '')]
  if (by === 'place') {
    const values = Object.values(given)
    if (values.length < required.length) return null
    return Object.fromEntries(all.flatMap((name, at) => (at < values.length ? [[name, values[at]]] : [])))
  }
  if (Object.keys(given).some((name) => !all.includes(name)) || required.some((name) => !(name in given))) return null
  return given
}

const pair = (name: string, value: unknown) => ({ name, value })
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
const listed = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

/** What a row shows of these fields: columns, and of the others only names of related records and the e-mail address. */
const valuesOf = ({ store }: ServerState, module: ModuleName, row: Row, names: readonly string[]): object => {
  const fields = store.fields(module)
  return Object.fromEntries(
    names.flatMap((name) => {
      const field = fields.get(name)
      if (field === undefined || (field.source === 'non-db' && field.type !== 'relate' && name !== 'email1')) return []
      return [[name, pair(name, name === 'deleted' ? (row[name] ?? '0') : shown(field, row[name] ?? null))]]
    }),
  )
}

/** Ids that a link leads to: of an account the one that the record names, of contacts those that were linked. */
const linkedIds = (row: Row, link: string): string[] => {
  const ids = link === 'accounts' ? row['account_id'] : row[linkColumn(link)]
  return (ids ?? '').split(',').filter((id) => id !== '')
}

const linkListOf = (row: Row, links: unknown): object[] =>
  listed(links).flatMap((each) => {
    const name = text((each as { name?: unknown }).name)
    const ids = linkedIds(row, name)
    return ids.length === 0 ? [] : [{ name, records: ids.map((id) => ({ link_value: { id: pair('id', id) } })) }]
  })

/** An order by bare columns is followed; anything with a table's name in it is passed over without a word. */
const orderOf = (orderBy: string): readonly string[] =>
  orderBy.includes('.')
    ? []
    : orderBy
        .split(',')
        .map((part) => part.trim().split(' ')[0] ?? '')
        .filter((name) => name !== '')

const DEFAULT_ROWS = 20

const entryList = (state: ServerState, module: ModuleName, args: Arguments): Reply => {
  const { store, quirks } = state
  const fields = store.fields(module)
  const isColumn = (name: string): boolean => fields.has(name) && fields.get(name)?.source !== 'non-db'
  const order = orderOf(text(args['order_by']))
  if (order.some((name) => !isColumn(name))) return broken()
  let meets: (row: Row) => boolean
  try {
    meets = conditionOf(text(args['query']), MODULES[module].table, isColumn)
  } catch (error) {
    if (error instanceof SqlError) return broken()
    throw error
  }
  const withDeleted = Number(args['deleted']) === 1
  // E-mails have a query of their own, which knows 0 and 1: "living and deleted" leads to SQL that is none.
  if (module === 'Emails' && withDeleted) return broken()
  if (state.brokenLists.has(module)) return broken()
  const found = store.inOrder(module).filter((row) => (withDeleted || row['deleted'] !== '1') && meets(row))
  const rows = order[0] === 'date_modified' ? found : found.toReversed().sort((left, right) => compared(left, right, order))
  const offset = Math.max(0, Number(args['offset']) || 0)
  const most = args['max_results'] === '' || args['max_results'] === 0 ? DEFAULT_ROWS : Number(args['max_results'])
  const page = rows.slice(offset, offset + most)
  const names = listed(args['select_fields']).map(text)
  const wanted = names.length === 0 ? [...fields.keys()] : names
  const links = listed(args['link_name_to_fields_array'])
  return ok({
    result_count: page.length,
    total_count: quirks.countsRows ? String(rows.length) : '-1',
    next_offset: offset + page.length,
    entry_list: page.map((row) => ({ id: row['id'], module_name: module, name_value_list: valuesOf(state, module, row, wanted) })),
    relationship_list: links.length === 0 ? [] : page.map((row) => ({ link_list: linkListOf(row, links) })),
  })
}

/** Without an order of its own a list is sorted by name, and by nothing else: among equals the database chooses. */
const compared = (left: Row, right: Row, order: readonly string[]): number => {
  for (const name of order.length === 0 ? ['name'] : order) {
    const [one, other] = [left[name] ?? '', right[name] ?? '']
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}

const GONE = 'Access to this object is denied since it has been deleted or does not exist'

const entry = (state: ServerState, module: ModuleName, args: Arguments): Reply => {
  const row = state.store.row(module, text(args['id']))
  if (row === null || row['deleted'] === '1')
    return ok({
      entry_list: [{ id: args['id'], name_value_list: [pair('warning', GONE), pair('deleted', '1')] }],
      relationship_list: [],
    })
  const names = listed(args['select_fields']).map(text)
  const wanted = names.length === 0 ? [...state.store.fields(module).keys()] : names
  return ok({
    entry_list: [{ id: row['id'], module_name: module, name_value_list: valuesOf(state, module, row, wanted) }],
    relationship_list: [{ link_list: linkListOf(row, args['link_name_to_fields_array']) }],
  })
}

const setEntry = (state: ServerState, module: ModuleName, list: unknown): string => {
  const { store, writes } = state
  const given = Object.fromEntries(
    listed(list).map((each) => {
      const { name, value } = each as { name?: unknown; value?: unknown }
      return [text(name), value]
    }),
  )
  const { id: named, date_modified: _stamp, ...rest } = given
  // Unknown fields are passed over, and so is a stamp.
  const values = Object.fromEntries(Object.entries(rest).filter(([name]) => store.fields(module).has(name)))
  const exists = typeof named === 'string' && store.row(module, named) !== null
  const id = exists ? named : crypto.randomUUID()
  store.write(module, id, values)
  writes.push({ road: 'v4_1', method: exists ? 'update' : 'create', module, id, values })
  return id
}

export function service(state: ServerState, method: string, given: Arguments): Reply {
  const signature = METHODS[method]
  if (signature === undefined) return broken()
  const args = boundTo(signature, given, state.quirks.argumentsBy)
  if (args === null) return broken()
  if (method === 'login') {
    const reply = state.sessions.login(args['user_auth'])
    const { id } = reply.body as { id?: string }
    const user = id === undefined ? null : state.sessions.sessionUser(id)
    if (user === null) return reply
    const values = {
      user_id: pair('user_id', USER_IDS[user]),
      user_name: pair('user_name', user),
      user_is_admin: pair('user_is_admin', user === 'admin'),
    }
    return ok({ ...(reply.body as object), name_value_list: values })
  }
  if (method === 'get_server_info') {
    const now = new Date(state.store.now()).toISOString().slice(0, 19).replace('T', ' ')
    return ok({ flavor: 'CE', version: '6.5.25', suitecrm_version: '7.14.6', gmt_time: now })
  }
  const user = state.sessions.sessionUser(text(args['session']))
  if (user === null) return fault('Invalid Session ID', 11, 'The session ID is invalid')
  const module = text(args['module_name'])
  if (!isModule(module)) return fault('Module Does Not Exist', 20, 'This module is not available on this server')
  const isWrite = method === 'set_entry' || method === 'set_entries'
  if (isDenied(state, user, module, isWrite ? 'edit' : undefined)) return fault('Access Denied', 40, 'You do not have access')
  switch (method) {
    case 'get_entry_list':
      return entryList(state, module, args)
    case 'get_entry':
      return entry(state, module, args)
    case 'set_entry': {
      const id = setEntry(state, module, args['name_value_list'])
      return ok({ id, entry_list: {} })
    }
    case 'set_entries':
      return ok({ ids: listed(args['name_value_lists']).map((list) => setEntry(state, module, list)) })
    default:
      return ok({
        module_name: module,
        table_name: MODULES[module].table,
        module_fields: Object.fromEntries(
          [...state.store.fields(module).values()]
            .filter(({ type }) => type !== 'link')
            .map(({ name, type, len }) => [
              name,
              { name, type, group: '', label: name, required: 0, options: [], ...(len === undefined ? {} : { len }) },
            ]),
        ),
        link_fields: [],
      })
  }
}
