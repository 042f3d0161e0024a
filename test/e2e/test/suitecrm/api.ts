import { createHash } from 'node:crypto'
import { MODULE_NAMES, OURS, type ModuleName } from '@assay/crm-suitecrm'
import type { Server } from './server.ts'

/** The API as the one who prepares and clears a server uses it: by hand, and not through the connector that is tested. */
export interface Api {
  /** Makes a record under an id of our own. A second try after a lost answer finds it made. */
  create(module: ModuleName, id: string, attributes: Readonly<Record<string, string | number>>): Promise<void>
  delete(module: ModuleName, id: string): Promise<void>
  /** Ids of all living records that any run of this test made. */
  ours(module: ModuleName): Promise<string[]>
  /** What stands in fields of one record, as v4_1 shows it. */
  values(module: ModuleName, id: string, fields: readonly string[]): Promise<Readonly<Record<string, string>>>
}

const TIMEOUT = 60_000
const PAGE = 500
const TRIES = 3

interface Listed {
  readonly entry_list?: readonly { readonly id: string; readonly name_value_list: Readonly<Record<string, { readonly value: unknown }>> }[]
  readonly number?: number
  readonly name?: string
}

export async function openApi({ settings, title }: Server): Promise<Api> {
  const { url, clientId, clientSecret, username, password } = settings
  let token = ''

  /** Tried again where the connection broke or the server did: every call here may be made twice. */
  const send = async (what: string, path: string, init: RequestInit): Promise<Response> => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await fetch(url + path, { ...init, signal: AbortSignal.timeout(TIMEOUT) }).catch((error: unknown) => {
        if (attempt >= TRIES) throw new Error(`${title} did not answer ${what}`, { cause: error })
        return null
      })
      if (answer !== null && (answer.status < 500 || attempt >= TRIES || path.endsWith('/access_token'))) return answer
      await new Promise((resolve) => setTimeout(resolve, 500 * attempt))
    }
  }

  /** An OAuth2 client allows one grant, and nobody says which. */
  const signIn = async (): Promise<void> => {
    const said: string[] = []
    for (const form of [{ grant_type: 'password', username, password }, { grant_type: 'client_credentials' }]) {
      const answer = await send('the sign-in', '/Api/access_token', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...form, client_id: clientId, client_secret: clientSecret }),
      })
      const body = (await answer.json().catch(() => ({}))) as { access_token?: string; error?: string }
      if (answer.ok && body.access_token !== undefined) {
        token = body.access_token
        return
      }
      // Never the message: a wrong password stands in it.
      said.push(`${form.grant_type}: ${answer.status} ${body.error ?? ''}`)
    }
    throw new Error(
      `${title} gave no token (${said.join('; ')}). Expected: an OAuth2 client with the password or the client credentials grant, and the key pair in Api/V8/OAuth2.`,
    )
  }

  const call = async (method: string, path: string, body?: object): Promise<{ status: number; detail: string }> => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await send(`${method} ${path}`, `/Api/V8${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.api+json', 'content-type': 'application/vnd.api+json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (answer.status === 401 && attempt === 1) {
        await signIn()
        continue
      }
      const said = (await answer.json().catch(() => ({}))) as { errors?: { detail?: string } }
      return { status: answer.status, detail: said.errors?.detail ?? '' }
    }
  }

  const service = async (method: string, args: object): Promise<Listed & { id?: string }> => {
    const form = new URLSearchParams({ method, input_type: 'JSON', response_type: 'JSON', rest_data: JSON.stringify(args) })
    const answer = await send(`${method} (v4_1)`, '/service/v4_1/rest.php', { method: 'POST', body: form })
    const body = (await answer.json().catch(() => ({}))) as Listed & { id?: string }
    if (!answer.ok || body.number !== undefined)
      throw new Error(`${title} refused ${method} over v4_1: ${answer.status} ${body.name ?? ''} ${body.number ?? ''}`)
    return body
  }
  const enter = async (): Promise<string> => {
    const auth = { user_name: username, password: createHash('md5').update(password).digest('hex'), version: '1' }
    const { id } = await service('login', { user_auth: auth, application_name: 'assay-test', name_value_list: [] })
    return id ?? ''
  }
  const list = async (module: ModuleName, query: string, fields: readonly string[]): Promise<NonNullable<Listed['entry_list']>> => {
    const { entry_list: entries } = await service('get_entry_list', {
      session: await enter(),
      module_name: module,
      query,
      order_by: 'id',
      offset: 0,
      select_fields: fields,
      link_name_to_fields_array: [],
      max_results: PAGE,
      deleted: 0,
      favorites: false,
    })
    return entries ?? []
  }

  await signIn()
  return {
    async create(module, id, attributes) {
      const { status, detail } = await call('POST', '/module', { data: { type: module, id, attributes } })
      if (status === 201 || /is already exist/.test(detail)) return
      throw new Error(
        `${title} did not make ${module} ${id}: ${status} ${detail}. Expected: V8 takes a client-chosen id in the form of a UUID.`,
      )
    },
    async delete(module, id) {
      const { status, detail } = await call('DELETE', `/module/${module}/${id}`)
      if (status >= 300 && !/is not found/.test(detail)) throw new Error(`${title} did not delete ${module} ${id}: ${status} ${detail}`)
    },
    async ours(module) {
      const ids: string[] = []
      for (let after = OURS; ;) {
        const found = (await list(module, `${module.toLowerCase()}.id > '${after}'`, ['id'])).map(({ id }) => id)
        ids.push(...found.filter((id) => id.startsWith(OURS)))
        const last = found.at(-1)
        if (last === undefined || !last.startsWith(OURS) || found.length < PAGE) return ids
        after = last
      }
    },
    async values(module, id, fields) {
      const [found] = await list(module, `${module.toLowerCase()}.id = '${id}'`, fields)
      return Object.fromEntries(Object.entries(found?.name_value_list ?? {}).map(([name, { value }]) => [name, String(value)]))
    },
  }
}

/** What this test puts into a server. */
export const LOADED: readonly ModuleName[] = MODULE_NAMES.filter((name) =>
  ['Accounts', 'Contacts', 'Opportunities', 'Calls', 'Meetings', 'Tasks', 'Notes', 'Cases'].includes(name),
)

const AT_ONCE = 4

/** Does all of it, a few at a time. Rejects with the first failure, once what was begun has ended. */
export async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    for (let one = all[next++]; one !== undefined; one = all[next++]) await work(one)
  }
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker))
  const failed = ended.find((one) => one.status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}

/** Deletes every living record that any run made, this one or one that was broken off. Gives how many there were. */
export async function sweep(api: Api): Promise<number> {
  let swept = 0
  // What hangs on others first.
  for (const module of LOADED.toReversed()) {
    const ids = await api.ours(module)
    await each(ids, (id) => api.delete(module, id))
    swept += ids.length
  }
  return swept
}
