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

/** A SuiteCRM's clock (epoch ms) by the headers of its answer, at the latest ours. */
const clockOf = async (url: string): Promise<number> => {
  const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(60_000) })
  await answer.arrayBuffer()
  const said = Date.parse(answer.headers.get('date') ?? '')
  return Math.min(Number.isFinite(said) ? said : Infinity, Date.now())
}

/**
 * The real server that the environment names, or the stand-in, which is said. Throws where only some of the variables are set: a run that was
 * meant for a server must not pass on a stand-in. Throws where the server's clock is before the world's last day: what is written into it
 * would lie in its future.
 */
export async function openServer(currency: string, worldToday: number): Promise<Server> {
  const found = given()
  if ('values' in found) {
    const { url, ...who } = found.values
    const settings = { url: url.replace(/\/+$/, ''), plainHttp: true, ...who, currency, callsPerSecond: 1_000 }
    const title = `the SuiteCRM at ${new URL(url).host}`
    const clock = await clockOf(settings.url)
    if (clock < worldToday) {
      const [its, worlds] = [clock, worldToday].map((at) => new Date(at).toISOString())
      throw new Error(`The clock of ${title} (${its}) is before the last day of the test's world (${worlds}): set it right, and run again.`)
    }
    return { title, isReal: true, settings, now: () => Date.now(), close: async () => {} }
  }
  if (found.missing.length < Object.keys(NAMES).length)
    throw new Error(`To run against a real SuiteCRM all of these must be set as well: ${found.missing.join(', ')}`)
  console.log(`left out: a real SuiteCRM (${found.missing.join(', ')} are not set); the stand-in is taken in its place`)
  return openStandIn(currency, worldToday)
}

/** The stand-in, a little after the world's last instant: what was written into it lies in the past. */
export async function openStandIn(currency: string, worldToday: number): Promise<Server> {
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
