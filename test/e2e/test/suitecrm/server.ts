import { startSuite } from '@assay/crm-suitecrm'

/** The SuiteCRM that a run goes against. */
export interface Server {
  readonly title: string
  readonly isReal: boolean
  readonly settings: {
    readonly url: string
    readonly plainHttp: boolean
    readonly clientId: string
    readonly clientSecret: string
    readonly username: string
    readonly password: string
    readonly currency: string
    readonly callsPerSecond: number
  }
  /** Its clock (epoch ms), as far as this machine knows it. */
  now(): number
  close(): Promise<void>
}

const NAMES = {
  url: 'ASSAY_TEST_SUITECRM_URL',
  clientId: 'ASSAY_TEST_SUITECRM_CLIENT_ID',
  clientSecret: 'ASSAY_TEST_SUITECRM_CLIENT_SECRET',
  username: 'ASSAY_TEST_SUITECRM_USER',
  password: 'ASSAY_TEST_SUITECRM_PASSWORD',
} as const
type Named = keyof typeof NAMES

/** What the environment names, or what of it is missing. */
const given = (): { readonly values: Readonly<Record<Named, string>> } | { readonly missing: readonly string[] } => {
  const entries = Object.entries(NAMES).map(([name, variable]) => [name, process.env[variable] ?? ''] as const)
  const missing = entries.filter(([, value]) => value === '').map(([name]) => NAMES[name as Named])
  return missing.length > 0 ? { missing } : { values: Object.fromEntries(entries) as Record<Named, string> }
}

/**
 * The real server that the environment names, or the stand-in, which is said. Throws where only some of the variables are set: a run that was
 * meant for a server must not pass on a stand-in.
 */
export async function openServer(currency: string, worldToday: number): Promise<Server> {
  const found = given()
  if ('values' in found) {
    const { url, ...who } = found.values
    const settings = { url: url.replace(/\/+$/, ''), plainHttp: true, ...who, currency, callsPerSecond: 1_000 }
    return { title: `the SuiteCRM at ${new URL(url).host}`, isReal: true, settings, now: () => Date.now(), close: async () => {} }
  }
  if (found.missing.length < Object.keys(NAMES).length)
    throw new Error(`To run against a real SuiteCRM all of these must be set as well: ${found.missing.join(', ')}`)
  console.log(`left out: a real SuiteCRM (${found.missing.join(', ')} are not set); the stand-in is taken in its place`)
  // A little after the world's last instant: what was written into it lies in the past.
  const standIn = await startSuite({ now: () => worldToday + 3_600_000 + performance.now() })
  return {
    title: 'the stand-in for SuiteCRM',
    isReal: false,
    settings: {
      url: standIn.url,
      plainHttp: false,
      clientId: standIn.client.id,
      clientSecret: standIn.client.secret,
      // Module Loader is the admin's.
      username: 'admin',
      password: standIn.passwords.admin,
      currency,
      callsPerSecond: 1_000,
    },
    now: () => standIn.clock.now(),
    close: () => standIn.close(),
  }
}
