import { AssayError } from '@assay/shared'
import type { Log } from '@assay/shared'

/** How a deployment is asked for. All or nothing, always. */
export interface DeployOptions {
  readonly checkOnly: boolean
  readonly rollbackOnError: true
  readonly singlePackage: true
  readonly ignoreWarnings: true
}

/**
 * What metadata work needs of a connection: both jsforce and the connection of an `sf` login have it. A path that begins with
 * a slash is taken below `/services/data/v67.0`.
 */
export interface OrgConnection {
  readonly version: string
  readonly accessToken?: string | null | undefined
  request(request: {
    readonly method: 'GET' | 'POST' | 'DELETE'
    readonly url: string
    readonly body?: string
    readonly headers?: Record<string, string>
  }): PromiseLike<unknown>
  readonly metadata: {
    deploy(zip: Buffer, options: DeployOptions): PromiseLike<{ readonly id: string | null }>
    deployRest(zip: Buffer, options: DeployOptions): PromiseLike<{ readonly id: string | null }>
    checkDeployStatus(id: string, details: boolean, rest?: boolean): PromiseLike<unknown>
  }
}

/** An org that metadata is deployed into, with the outside world beside it. */
export interface Org {
  readonly connection: OrgConnection
  readonly log: Log
  /** Epoch ms. */
  now(): number
  sleep(ms: number): Promise<void>
}

const HINT =
  'Metadata takes an admin: the permissions Customize Application, Modify Metadata Through Metadata API Functions, Manage Users, and View Setup and Configuration.'

const SIGNED_OUT = /INVALID_SESSION_ID|invalid_grant|INVALID_LOGIN|expired access/i
const NOT_ALLOWED =
  /INSUFFICIENT_ACCESS|INSUFFICIENT_RIGHTS|API_DISABLED_FOR_ORG|FUNCTIONALITY_NOT_ENABLED|sObject type .* is not supported/i
const LIMIT = /REQUEST_LIMIT_EXCEEDED/i

/** What a call that failed means for the admin. An error that is ours already stays as it is. */
export function refusal(what: string, error: unknown): Error {
  if (error instanceof AssayError) return error
  if (!(error instanceof Error)) return new TypeError(String(error))
  const said = `${error.name} ${'errorCode' in error ? String(error.errorCode) : ''} ${error.message}`
  const because = `Salesforce did not ${what}: ${error.message}`
  if (SIGNED_OUT.test(said)) return new AssayError('auth', because, { hint: 'Sign in again.', cause: error })
  if (NOT_ALLOWED.test(said)) return new AssayError('config', because, { hint: HINT, cause: error })
  if (LIMIT.test(said)) return new AssayError('limit', because, { cause: error })
  if (error.name === 'AbortError') return error
  return new AssayError('offline', because, { cause: error })
}

const asking = async (org: Org, what: string, request: Parameters<OrgConnection['request']>[0]): Promise<unknown> => {
  try {
    return await org.connection.request(request)
  } catch (error) {
    throw refusal(what, error)
  }
}

interface QueryPage {
  readonly records: readonly Readonly<Record<string, unknown>>[]
  readonly nextRecordsUrl?: string
}

/** All rows of a small query; `where` is the data API or the Tooling API. */
export async function query(org: Org, where: 'data' | 'tooling', soql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const rows: Readonly<Record<string, unknown>>[] = []
  const object = /FROM (\w+)/.exec(soql)?.[1] ?? 'what was asked for'
  let url: string | undefined = `${where === 'tooling' ? '/tooling' : ''}/query?q=${encodeURIComponent(soql)}`
  while (url !== undefined) {
    const page = (await asking(org, `show ${object}`, { method: 'GET', url })) as QueryPage
    rows.push(...page.records)
    url = page.nextRecordsUrl
  }
  return rows
}

export const get = (org: Org, what: string, url: string): Promise<unknown> => asking(org, what, { method: 'GET', url })

export const create = (org: Org, what: string, object: string, body: object): Promise<unknown> =>
  asking(org, what, {
    method: 'POST',
    url: `/sobjects/${object}`,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })

export const remove = (org: Org, what: string, object: string, id: string): Promise<unknown> =>
  asking(org, what, { method: 'DELETE', url: `/sobjects/${object}/${id}` })

/** A text inside a query, with what would end it made harmless. */
export const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
