import type { LiveRecord } from '@assay/shared'
import type { SugarStandIn } from '../src/index.ts'

/** Whatever JSON came; tests look into it by name. */
export type Json = { readonly [name: string]: Json } & readonly Json[]

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Json
}

export interface Caller {
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly version?: string
}

/** A plain call below `/rest/v11_20/`. */
export async function call(standIn: SugarStandIn, method: string, path: string, body?: unknown, caller: Caller = {}): Promise<Answer> {
  const { token = standIn.token, headers = {}, version = 'v11_20' } = caller
  const response = await fetch(`${standIn.url}/rest/${version === '' ? '' : `${version}/`}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(token === '' ? {} : { 'oauth-token': token }), 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return { status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : null) as Json }
}

/** Ids of what a filter finds, all pages by offset. */
export async function idsOf(standIn: SugarStandIn, module: string, question: object): Promise<string[]> {
  const ids: string[] = []
  for (let offset = 0; offset >= 0;) {
    const { status, body } = await call(standIn, 'POST', `${module}/filter`, { fields: 'id', ...question, offset })
    if (status !== 200) throw new Error(JSON.stringify(body))
    ids.push(...body['records']!.map((record) => String(record['id'])))
    offset = Number(body['next_offset'])
  }
  return ids
}

export const errorOf = ({ status, body }: Answer): string => `${status} ${String(body?.['error'])}`

export const password = (standIn: SugarStandIn, more: object = {}): object => ({
  grant_type: 'password',
  client_id: 'sugar',
  client_secret: '',
  username: 'integration',
  password: standIn.passwords.integration,
  platform: 'base',
  ...more,
})

const BODY = { domain: null, industry: null, type: null, country: null, city: null, employees: null, annualRevenue: null }

/** A hand-made account. */
export function account(id: string, name: string, at: number, more: Partial<LiveRecord<'account'>['body']> = {}): LiveRecord<'account'> {
  const body = { ...BODY, name, ownerId: null, parentId: null, createdAt: at, ...more }
  return { kind: 'account', id, version: at, knownAt: at, deleted: false, attributes: { Region: 'North', sites: 2 }, body }
}

/** A hand-made deal. */
export function deal(id: string, accountId: string, at: number, more: Partial<LiveRecord<'deal'>['body']> = {}): LiveRecord<'deal'> {
  const body = {
    name: `Deal ${id}`,
    accountId,
    contactId: null,
    ownerId: null,
    pipeline: null,
    stage: 'Prospecting',
    isClosed: false,
    isWon: false,
    amount: 100,
    currency: 'EUR',
    homeAmount: 100,
    type: null,
    createdAt: at,
    closedAt: at,
    ...more,
  }
  return { kind: 'deal', id, version: at, knownAt: at, deleted: false, attributes: {}, body }
}
