import { AssayError } from '@assay/shared'
import { z } from 'zod'

const text = z.string().trim().min(1)
/** Hosts on which no client-credentials sign-in is answered, because they belong to no single org. */
const SHARED_HOSTS: ReadonlySet<string> = new Set(['login.salesforce.com', 'test.salesforce.com'])

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Whether secrets may be sent there: only where nobody on the way can read them. */
export const isPrivate = (url: string): boolean => {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))
}
const address = z.url().refine((url) => !URL.canParse(url) || isPrivate(url), {
  message: 'secrets are sent there: give an address that begins with https://',
})

/** The ways to sign in. Exactly one of them is given. */
export const GRANTS = ['jwt', 'clientCredentials', 'oauth', 'session'] as const

/** How Assay signs in to Salesforce, and as what. */
export const settings = z
  .strictObject({
    /** Where tokens are asked for: the org's My Domain, else `https://login.salesforce.com` or, for a sandbox, `https://test.salesforce.com`. */
    loginUrl: address.default('https://login.salesforce.com'),
    /** The integration user signs in with a certificate: nothing expires, nothing is typed in. */
    jwt: z.strictObject({ clientId: text, username: text, privateKey: text, audience: z.url().optional() }).optional(),
    /** The app signs in as the user its admin named; only on the My Domain host. */
    clientCredentials: z.strictObject({ clientId: text, clientSecret: text }).optional(),
    /** Somebody consented once in a browser. */
    oauth: z.strictObject({ clientId: text, clientSecret: text.optional(), refreshToken: text }).optional(),
    /** A login that is open already (that of the `sf` command): may check, install and take back fields. Never stored, never syncs. */
    session: z.strictObject({ accessToken: text, instanceUrl: address }).optional(),
    /** The newest version of the API that is spoken; an org that offers less is spoken to in its newest. */
    apiVersion: z
      .string()
      .regex(/^\d{2,3}\.0$/, 'a version looks like 67.0')
      .default('67.0'),
    /** The id of the org that is meant (00D…). Another one behind the same sign-in is refused. */
    organization: z
      .string()
      .regex(/^00D\w{12}(\w{3})?$/, 'an organization id begins with 00D and has 15 or 18 characters')
      .optional(),
    /** What carries the customer's scores: accounts (person accounts among them), or contacts. */
    customer: z.enum(['account', 'contact']).default('account'),
    /** Username of the integration user, where somebody else installs: is given the permission set of the integration. */
    integrationUser: text.optional(),
    /** ISO 4217; only for an org with one currency whose sign-in may not see which. */
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'a currency looks like EUR')
      .optional(),
  })
  .refine((given) => GRANTS.filter((grant) => given[grant] !== undefined).length === 1, {
    message: `give exactly one of ${GRANTS.join(', ')}`,
    path: ['jwt'],
  })
  .refine((given) => given.clientCredentials === undefined || !SHARED_HOSTS.has(new URL(given.loginUrl).host), {
    message: 'clientCredentials are answered only by the org itself: give its My Domain (https://….my.salesforce.com)',
    path: ['loginUrl'],
  })

export type Settings = z.output<typeof settings>

/** Why these settings must not be kept; null when they may. */
export const notToKeep = ({ session }: Settings): string | null =>
  session === undefined
    ? null
    : "an open login is somebody's own session: it may install, but it ends soon and has that person's rights; sync and publish sign in with jwt, clientCredentials or oauth"

/** Throws (`config`) for a login that is only good for installing. */
export const notForSync = (given: Settings): void => {
  const why = notToKeep(given)
  if (why === null) return
  throw new AssayError('config', `This Salesforce sign-in can install, but not sync or publish: ${why}.`, {
    hint: 'Make an External Client App for the integration user, as docs/salesforce.md shows, and connect with it: assay connect salesforce.',
  })
}

/** Everything in the settings that must never be shown. */
export const secretsOf = ({ jwt, clientCredentials, oauth, session }: Settings): string[] =>
  [jwt?.privateKey, clientCredentials?.clientSecret, oauth?.clientSecret, oauth?.refreshToken, session?.accessToken].filter(
    (secret) => secret !== undefined,
  )
