import { accepted, requireAll } from '../accept.ts'
import type { Exchange } from '../exchange.ts'
import { accepts, readFilter } from '../filter.ts'
import type { Instance } from '../instance.ts'
import { countOf, pageFrom, pageOf, readOrder, type Question } from '../listing.ts'
import { linkedRows, tie, untie } from '../links.ts'
import { LINKS, type Link, type ModuleName } from '../modules.ts'
import type { Obstacles } from '../obstacles.ts'
import { EVERYTHING, recordOf, wire, type Selection } from '../present.ts'
import { errorReply, invalid, members, missing, noMethod, notAuthorized, notFound, ok, type Reply } from '../reply.ts'
import { instantOf, instantText, plainText, type Row } from '../values.ts'

const DEFAULT_PAGE = 20

/** Everything below a module's name. */
export function recordsRoute(instance: Instance, obstacles: Obstacles): (module: ModuleName, exchange: Exchange) => Reply {
  const { store, access, schema } = instance

  const allowed = (module: ModuleName, what: 'list' | 'view' | 'create' | 'edit' | 'delete' | 'massupdate', userId: string): void => {
    if (!access.allows(userId, module, what))
      throw notAuthorized(`You are not authorized to ${what} ${module}. Contact your administrator if you need access.`)
  }
  const existing = (module: ModuleName, id: string): Row => {
    const row = store.row(module, id)
    if (row === null || row['deleted'] === true || obstacles.isHidden(id)) throw notFound(module, id)
    return row
  }
  const shown = (module: ModuleName, id: string, exchange: Exchange, selection: Selection = EVERYTHING): Record<string, unknown> =>
    recordOf(instance, module, store.row(module, id) ?? {}, selection, exchange.userId)

  /** Options come in the query or in the body. */
  const optionsOf = (exchange: Exchange): Readonly<Record<string, unknown>> =>
    exchange.method === 'GET' ? exchange.query : { ...exchange.query, ...members(exchange.json()) }

  const selectionOf = (options: Readonly<Record<string, unknown>>): Selection => {
    const given = parsedList(options['fields'])
    if (given === null) return EVERYTHING
    const names: string[] = []
    const nested: { name: string; fields: readonly string[]; size: number }[] = []
    for (const each of given) {
      if (typeof each !== 'object' || each === null) {
        names.push(plainText(each).trim())
        continue
      }
      const { name, fields, max_num: size } = each as { readonly name?: unknown; readonly fields?: unknown; readonly max_num?: unknown }
      nested.push({
        name: plainText(name),
        fields: (parsedList(fields) ?? []).map((field) => plainText(field)),
        size: Number(size ?? DEFAULT_PAGE),
      })
    }
    return { fields: names, nested }
  }

  const questionOf = (module: ModuleName, options: Readonly<Record<string, unknown>>, userId: string): Question => {
    const filter = readFilter(fromJson(options['filter']), { instance, module, userId })
    const q = plainText(options['q']).toLowerCase()
    const byName = { kind: 'test', field: 'q', operator: 'q', operand: q, holds: (row: Row) => nameHas(instance, module, row, q) } as const
    const size = Number(options['max_num'] ?? DEFAULT_PAGE)
    const offset = plainText(options['offset'], '0') === 'end' ? Infinity : Number(options['offset'] ?? 0)
    if (!Number.isInteger(size) || !(offset >= 0)) throw invalid('max_num and offset are numbers.')
    const wantsDeleted = ['true', '1'].includes(plainText(options['deleted']).toLowerCase())
    if (wantsDeleted && instance.quirks.deleted === 'refused') throw invalid('Invalid parameter: deleted')
    return {
      filter: q === '' ? filter : { kind: 'and', parts: [filter, byName] },
      order: readOrder(plainText(options['order_by']), instance, module),
      offset,
      size: Math.min(size < 1 ? DEFAULT_PAGE : size, instance.quirks.maxListLimit),
      withDeleted: wantsDeleted && instance.quirks.deleted === 'given',
    }
  }
  const visible = (question: Question): Question => ({
    ...question,
    filter: {
      kind: 'and',
      parts: [
        question.filter,
        { kind: 'test', field: '#', operator: '#', operand: null, holds: (row) => !obstacles.isHidden(String(row['id'])) },
      ],
    },
  })

  const list = (module: ModuleName, exchange: Exchange): Reply => {
    allowed(module, 'list', exchange.userId)
    const options = optionsOf(exchange)
    const selection = selectionOf(options)
    const { rows, next } = pageOf(instance, module, visible(questionOf(module, options, exchange.userId)))
    return ok({ next_offset: next, records: rows.map((row) => recordOf(instance, module, row, selection, exchange.userId)) })
  }
  const count = (module: ModuleName, exchange: Exchange): Reply => {
    allowed(module, 'list', exchange.userId)
    const { filter, withDeleted } = questionOf(module, optionsOf(exchange), exchange.userId)
    return ok({ record_count: String(countOf(instance, module, filter, withDeleted)) })
  }

  const create = (module: ModuleName, exchange: Exchange): Reply => {
    allowed(module, 'create', exchange.userId)
    const given = members(exchange.json())
    const values = accepted(instance, module, given, exchange.userId)
    requireAll(instance, module, values)
    obstacles.check(module, null, values)
    const wanted = plainText(given['id'])
    const id = instance.create(module, values, exchange.userId, wanted === '' || store.row(module, wanted) !== null ? undefined : wanted)
    instance.writes.push({ method: 'create', module, id, values, userId: exchange.userId, at: instance.now() })
    return ok(shown(module, id, exchange))
  }

  const update = (module: ModuleName, id: string, exchange: Exchange): Reply => {
    const before = existing(module, id)
    allowed(module, 'edit', exchange.userId)
    const stamp = exchange.headers['x-timestamp']
    if (typeof stamp === 'string' && instantOf(stamp) !== before['date_modified'])
      return errorReply(409, 'edit_conflict', 'Edit conflict, please reload the record data.', { record: shown(module, id, exchange) })
    const values = accepted(instance, module, members(exchange.json()), exchange.userId)
    obstacles.check(module, before, values)
    instance.update(module, id, values, exchange.userId)
    instance.writes.push({ method: 'update', module, id, values, userId: exchange.userId, at: instance.now() })
    return ok(shown(module, id, exchange, selectionOf(exchange.query)))
  }

  const remove = (module: ModuleName, id: string, exchange: Exchange): Reply => {
    existing(module, id)
    allowed(module, 'delete', exchange.userId)
    instance.delete(module, id, exchange.userId)
    instance.writes.push({ method: 'delete', module, id, values: {}, userId: exchange.userId, at: instance.now() })
    return ok({ id })
  }

  const massUpdate = (module: ModuleName, exchange: Exchange): Reply => {
    allowed(module, 'massupdate', exchange.userId)
    const params = members(members(exchange.json())['massupdate_params'])
    const ids = params['uid']
    if (!Array.isArray(ids)) throw missing('Missing parameter: uid')
    let failed = 0
    for (const id of ids.map((each) => plainText(each)))
      try {
        existing(module, id)
        if (exchange.method === 'DELETE') remove(module, id, exchange)
        else {
          const values = accepted(instance, module, params, exchange.userId)
          obstacles.check(module, store.row(module, id), values)
          instance.update(module, id, values, exchange.userId)
          instance.writes.push({ method: 'update', module, id, values, userId: exchange.userId, at: instance.now() })
        }
      } catch {
        failed += 1
      }
    return ok({ status: 'done', failed })
  }

  const audit = (module: ModuleName, id: string, exchange: Exchange): Reply => {
    existing(module, id)
    allowed(module, 'view', exchange.userId)
    const lines = store.audit(module, id).filter((line) => access.canRead(exchange.userId, module, line.field))
    const records = lines.map((line, position) => {
      const field = schema.field(module, line.field)
      const text = (value: Row[string]): unknown => (field === null ? value : wire(field, value, instance.quirks.zone))
      return {
        id: `${id.slice(0, 24)}${(position + 1).toString(16).padStart(12, 'f')}`,
        parent_id: id,
        field_name: line.field,
        data_type: line.type,
        before: text(line.before),
        after: text(line.after),
        date_created: instantText(line.at, instance.quirks.zone),
        created_by: line.userId,
      }
    })
    // The newest comes first.
    const newest = records.reverse()
    const offset = Number(exchange.query['offset'] ?? 0)
    const size = Math.min(Number(exchange.query['max_num'] ?? newest.length), instance.quirks.maxListLimit)
    const end = offset + size
    return ok({ next_offset: end < newest.length ? end : -1, records: newest.slice(offset, end) })
  }

  const linkOf = (module: ModuleName, name: string): Link => {
    const link = LINKS[module]?.[name]
    if (link === undefined || schema.field(module, name) === null) throw notFound(module, name)
    return link
  }

  const links = (module: ModuleName, id: string, exchange: Exchange): Reply => {
    const row = existing(module, id)
    const [, , , name, other] = exchange.rest
    const { method, userId } = exchange
    if (name === undefined) {
      if (method !== 'POST') throw noMethod()
      const { link_name: linkName, ids } = members(exchange.json()) as { readonly link_name?: unknown; readonly ids?: unknown }
      const link = linkOf(module, plainText(linkName))
      if (!Array.isArray(ids)) throw missing('Missing parameter: ids')
      const others = ids.map((each) => plainText(each))
      for (const each of others) existing(link.module, each)
      for (const each of others) tie(instance, module, id, link, each, userId)
      return ok({ record: shown(module, id, exchange), related_records: others.map((each) => shown(link.module, each, exchange)) })
    }
    const link = linkOf(module, name)
    allowed(link.module, 'list', userId)
    if (other !== undefined && other !== 'count' && other !== 'filter') {
      existing(link.module, other)
      if (method === 'DELETE') untie(instance, module, id, link, other)
      else if (method === 'POST') tie(instance, module, id, link, other, userId)
      else if (method !== 'GET') throw noMethod()
      return ok({ record: shown(module, id, exchange), related_record: shown(link.module, other, exchange) })
    }
    if (method === 'POST') {
      allowed(link.module, 'create', userId)
      const values = accepted(instance, link.module, members(exchange.json()), userId)
      const whole =
        link.via === 'ours' ? values : { ...values, [link.field]: id, ...(link.via === 'parent' ? { parent_type: module } : {}) }
      requireAll(instance, link.module, whole)
      obstacles.check(link.module, null, whole)
      const made = instance.create(link.module, whole, userId)
      if (link.via === 'ours') tie(instance, module, id, link, made, userId)
      instance.writes.push({ method: 'create', module: link.module, id: made, values: whole, userId, at: instance.now() })
      return ok({ record: shown(module, id, exchange), related_record: shown(link.module, made, exchange) })
    }
    if (method !== 'GET') throw noMethod()
    const question = questionOf(link.module, exchange.query, userId)
    const rows = linkedRows(instance, module, row, link)
    if (other === 'count') return ok({ record_count: rows.filter((each) => accepts(question.filter, each)).length })
    const page = pageFrom(instance, link.module, rows, question, false)
    const selection = selectionOf(exchange.query)
    return ok({ next_offset: page.next, records: page.rows.map((each) => recordOf(instance, link.module, each, selection, userId)) })
  }

  return (module, exchange) => {
    const { method, rest } = exchange
    const [, second, third, fourth] = rest
    if (!access.allows(exchange.userId, module, 'access'))
      throw notAuthorized(`You are not authorized to access ${module}. Contact your administrator if you need access.`)
    if (second === undefined) {
      if (method === 'GET') return list(module, exchange)
      if (method === 'POST') return create(module, exchange)
      throw noMethod()
    }
    if (second === 'filter' && (method === 'GET' || method === 'POST'))
      return third === 'count' ? count(module, exchange) : list(module, exchange)
    if (second === 'count' && method === 'GET') return count(module, exchange)
    if (second === 'MassUpdate' && (method === 'PUT' || method === 'DELETE')) return massUpdate(module, exchange)
    if (second === 'enum' && method === 'GET') {
      const options = schema.field(module, third ?? '')?.options
      const entries = options === undefined ? null : schema.dropdown(options)
      if (entries === null) throw notFound(module, third ?? '')
      return ok(entries)
    }
    if (third === 'link') return links(module, second, exchange)
    if (third === 'audit' && method === 'GET') return audit(module, second, exchange)
    if (third !== undefined || fourth !== undefined) throw noMethod()
    if (method === 'PUT') return update(module, second, exchange)
    if (method === 'DELETE') return remove(module, second, exchange)
    if (method !== 'GET') throw noMethod()
    existing(module, second)
    allowed(module, 'view', exchange.userId)
    return ok(shown(module, second, exchange, selectionOf(exchange.query)))
  }
}

const nameHas = (instance: Instance, module: ModuleName, row: Row, q: string): boolean =>
  String(instance.value(module, row, 'name') ?? '')
    .toLowerCase()
    .includes(q)

/** In a query a filter may be JSON. */
function fromJson(given: unknown): unknown {
  if (typeof given !== 'string' || !/^\s*[[{]/.test(given)) return given
  try {
    return JSON.parse(given) as unknown
  } catch {
    throw invalid('The filter is no JSON.')
  }
}

/** `a,b`, `["a",{"name":"b"}]` or a list; null where nothing was said. */
function parsedList(given: unknown): readonly unknown[] | null {
  if (given === undefined || given === '') return null
  if (Array.isArray(given)) return given
  if (typeof given === 'object' && given !== null) return Object.values(given)
  const text = plainText(given)
  return text.startsWith('[') ? parsedList(fromJson(text)) : text.split(',')
}
