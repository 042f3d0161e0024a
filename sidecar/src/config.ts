import { resolve } from 'node:path'
import { AssayError, sayIssues, wording } from '@assay/shared'
import { z } from 'zod'

/** All that the environment decides, checked once at the start. Everything else is an argument. */
export interface Config {
  /** Directory of the embedded engines, the key and the owner's lock; absolute. */
  readonly home: string
  /** Whose data this process works on; names the ClickHouse database and scopes every control-plane row. */
  readonly organisation: string
  /** Null: ClickHouse in process. Several URLs, with commas between them, are the nodes of the cluster. */
  readonly clickhouseUrl: string | null
  readonly clickhouseCluster: string | null
  /** Null: PostgreSQL in process. */
  readonly databaseUrl: string | null
  /** 32 bytes, or null: the key file in `home` is used. */
  readonly masterKey: Uint8Array | null
  readonly listen: { readonly host: string; readonly port: number }
  /** Origins that may show the panel page inside theirs ('https://app.hubspot.com'); none: nobody may. */
  readonly panelOrigins: readonly string[]
  /** How the network reaches this process ('https://assay.example.com'), where a proxy stands before it; null: as it listens. */
  readonly publicUrl: string | null
  /** Part (0..1) of a CRM's daily API calls that Assay may use. */
  readonly quotaShare: number
  readonly logLevel: 'debug' | 'info' | 'warn'
  /** For tests and replays only: the instant (epoch ms) at which this process believes to start. Null: the real one. */
  readonly startsAt: number | null
}

const KEY_BYTES = 32
const url = (protocols: readonly string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    message: `expected a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  })

/** One server, or the nodes of a cluster with commas between them. */
const urls = (protocols: readonly string[]) =>
  z.string().refine((text) => text.split(',').every((one) => url(protocols).safeParse(one.trim()).success), {
    message: `expected a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}, or one for each node with commas between`,
  })

const isOrigin = (text: string): boolean => url(['http:', 'https:']).safeParse(text).success && new URL(text).origin === text

const VARIABLES = {
  ASSAY_HOME: z.string().default('.assay'),
  ASSAY_ORGANISATION: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,47}$/, 'expected 1-48 characters a-z, 0-9 or _, the first a letter')
    .default('default'),
  CLICKHOUSE_URL: urls(['http:', 'https:']).optional(),
  CLICKHOUSE_CLUSTER: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+$/, 'expected the name of a cluster (letters, digits, _ . -)')
    .optional(),
  DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
  ASSAY_KEY: z
    .string()
    .refine((text) => /^[A-Za-z0-9+/_-]+=*$/.test(text.trim()) && Buffer.from(text, 'base64').length === KEY_BYTES, {
      message: `expected ${KEY_BYTES} bytes in base64 (make one with: openssl rand -base64 ${KEY_BYTES})`,
    })
    .optional(),
  ASSAY_HOST: z.string().default('127.0.0.1'),
  ASSAY_PORT: z.coerce
    .number('expected a port, 0-65535')
    .int('expected a port, 0-65535')
    .min(0, 'expected a port, 0-65535')
    .max(65535, 'expected a port, 0-65535')
    .default(4870),
  ASSAY_PANEL_ORIGINS: z
    .string()
    .refine((text) => text.split(',').every((one) => isOrigin(one.trim())), {
      message: 'expected origins as https://app.hubspot.com, with commas between them and nothing behind the host',
    })
    .optional(),
  ASSAY_PUBLIC_URL: url(['http:', 'https:'])
    .refine((text) => !/[?#]/.test(text), { message: 'expected an address without a query' })
    .optional(),
  ASSAY_QUOTA_SHARE: z.coerce
    .number('expected a number above 0, at most 1')
    .gt(0, 'expected a number above 0, at most 1')
    .max(1, 'expected a number above 0, at most 1')
    .default(0.5),
  ASSAY_LOG: z.enum(['debug', 'info', 'warn'], 'expected debug, info or warn').default('info'),
  ASSAY_NOW: z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)), 'expected an instant as 2026-11-02T09:00:00Z (for tests and replays only)')
    .optional(),
} as const

const environment = z.object(VARIABLES)

/**
 * Reads the configuration. A variable that is set to nothing counts as not set.
 * Throws an AssayError (`config`) that names every wrong variable and what was expected, never its value.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.keys(VARIABLES).flatMap((name) => (env[name]?.trim() ? [[name, env[name]?.trim()]] : [])))
  const checked = environment.safeParse(given, { error: wording({ show: false }) })
  if (!checked.success) {
    throw new AssayError('config', `the environment is not understood: ${sayIssues(checked.error, 'environment')}`, {
      hint: 'Correct or unset what is named; every variable has a default.',
    })
  }
  const { data } = checked
  if (data.CLICKHOUSE_CLUSTER !== undefined && data.CLICKHOUSE_URL === undefined) {
    throw new AssayError('config', 'CLICKHOUSE_CLUSTER is set and CLICKHOUSE_URL is not: a cluster is reached through one of its servers', {
      hint: 'Set CLICKHOUSE_URL to any node of that cluster, or unset CLICKHOUSE_CLUSTER.',
    })
  }
  if ((data.CLICKHOUSE_URL ?? '').includes(',') && data.CLICKHOUSE_CLUSTER === undefined) {
    throw new AssayError('config', 'CLICKHOUSE_URL names several servers and CLICKHOUSE_CLUSTER is not set', {
      hint: 'Set CLICKHOUSE_CLUSTER to the name of the cluster that these nodes form, or name one server.',
    })
  }
  return {
    home: resolve(data.ASSAY_HOME),
    organisation: data.ASSAY_ORGANISATION,
    clickhouseUrl: data.CLICKHOUSE_URL ?? null,
    clickhouseCluster: data.CLICKHOUSE_CLUSTER ?? null,
    databaseUrl: data.DATABASE_URL ?? null,
    masterKey: data.ASSAY_KEY === undefined ? null : new Uint8Array(Buffer.from(data.ASSAY_KEY, 'base64')),
    listen: { host: data.ASSAY_HOST, port: data.ASSAY_PORT },
    panelOrigins: data.ASSAY_PANEL_ORIGINS?.split(',').map((origin) => origin.trim()) ?? [],
    publicUrl: data.ASSAY_PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    quotaShare: data.ASSAY_QUOTA_SHARE,
    logLevel: data.ASSAY_LOG,
    startsAt: data.ASSAY_NOW === undefined ? null : Date.parse(data.ASSAY_NOW),
  }
}

/** The configuration of this process. */
export const currentConfig = (): Config => readConfig(process.env)

/** The clock that the whole process goes by. A replay's starts at `startsAt` and goes on from there, so that waits still end. */
export function clockOf(config: Pick<Config, 'startsAt'>): () => number {
  if (config.startsAt === null) return Date.now
  const ahead = config.startsAt - Date.now()
  return () => Date.now() + ahead
}
