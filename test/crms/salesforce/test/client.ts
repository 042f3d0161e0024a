import { Connection } from 'jsforce'
import type { LiveRecord } from '@assay/shared'
import type { SalesforceStandIn } from '../src/index.ts'

export const VERSION = '67.0'

/** jsforce against the stand-in: no retries and no pauses of its own. */
export function clientOf(standIn: SalesforceStandIn, accessToken = standIn.token): Connection {
  const connection = new Connection({ version: VERSION, instanceUrl: standIn.url, accessToken })
  connection.bulk2.pollInterval = 1
  connection.metadata.pollInterval = 1
  return connection
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Json
}

/** Whatever JSON came; tests look into it by name. */
export type Json = { readonly [name: string]: Json } & readonly Json[] & string & number & boolean

/** A plain call below `/services/data/v67.0`, for what jsforce hides: headers, raw bodies, statuses. */
export async function call(
  standIn: SalesforceStandIn,
  method: string,
  path: string,
  body?: unknown,
  { token = standIn.token, headers = {} }: { token?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const type = typeof body === 'string' ? 'text/csv' : 'application/json'
  const response = await fetch(path.startsWith('/services') ? standIn.url + path : `${standIn.url}/services/data/v${VERSION}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': type, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return { status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : null) as Json }
}

/** The rows of a query in one page or many, without what jsforce adds. */
export async function rows(standIn: SalesforceStandIn, soql: string, all = false): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = []
  let path: string | undefined = `/${all ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`
  while (path !== undefined) {
    const { status, body } = await call(standIn, 'GET', path)
    if (status !== 200) throw new Error(JSON.stringify(body))
    for (const { attributes: _attributes, ...row } of body['records'] as unknown as Record<string, unknown>[]) found.push(row)
    path = body['nextRecordsUrl'] as string | undefined
  }
  return found
}

/** The error code of a query that is refused. */
export async function refusal(standIn: SalesforceStandIn, soql: string): Promise<{ code: string; message: string }> {
  const { body } = await call(standIn, 'GET', `/query?q=${encodeURIComponent(soql)}`)
  return { code: String(body[0]?.['errorCode']), message: String(body[0]?.['message']) }
}

const BODY = {
  account: { name: null, domain: null, industry: null, type: null, country: null, city: null, employees: null, annualRevenue: null },
  contact: { name: null, email: null, title: null, country: null },
}

/** A hand-made account. */
export function account(id: string, name: string, at: number): LiveRecord<'account'> {
  const body = { ...BODY.account, name, ownerId: null, parentId: null, createdAt: at }
  return { kind: 'account', id, version: at, knownAt: at, deleted: false, attributes: { region: 'North' }, body }
}

/** A hand-made contact. */
export function contact(id: string, accountId: string, name: string, at: number): LiveRecord<'contact'> {
  const body = { ...BODY.contact, accountId, name, ownerId: null, createdAt: at }
  return { kind: 'contact', id, version: at, knownAt: at, deleted: false, attributes: {}, body }
}
