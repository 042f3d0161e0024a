import { z } from 'zod'

const text = z.string().trim().min(1)
/** What a header can carry: of two lines, or of a file in UTF-16, no request could be made, and it would look like a broken network. */
const word = text.regex(
  /^[!-~]+$/,
  'expected one word in plain characters, as HubSpot shows it: is it the right file, with nothing else in it?',
)

/** How Assay signs in to HubSpot, and how hard it may work there. Exactly one of `token` and `oauth`. */
export const settings = z
  .strictObject({
    /** A service key, or the static token of a private or project app. */
    token: word.optional(),
    /** What somebody's consent to the app brought: `assay connect hubspot --browser` asks for it. */
    oauth: z.strictObject({ clientId: text, clientSecret: word, refreshToken: word }).optional(),
    /** The id of the portal that is meant. Another one behind the same sign-in is refused, and what it tells is ignored. */
    portal: z.int().positive().optional(),
    /** Signs what HubSpot tells by webhooks; only beside a token, because an OAuth app has its secret already. */
    appSecret: text.optional(),
    baseUrl: z.url().default('https://api.hubapi.com'),
    /** The family of paths to call: `v3` ends in September 2027, the dated one is HubSpot's new form. */
    api: z.enum(['v3', '2026-03']).default('v3'),
    /** What carries the customer's scores: companies, or contacts in a portal that sells to persons. */
    customer: z.enum(['account', 'contact']).default('account'),
    /** Calls in ten seconds until HubSpot's own headers say more; 100 is the smallest plan. */
    callsPerTenSeconds: z.int().positive().default(100),
    /** HubSpot allows 5 for the whole account; one is left to others. */
    searchesPerSecond: z.int().positive().default(4),
  })
  .refine((given) => (given.token === undefined) !== (given.oauth === undefined), {
    message: 'give either `token` or `oauth`, not both',
    path: ['token'],
  })
  .refine((given) => given.appSecret === undefined || (given.portal !== undefined && given.oauth === undefined), {
    message: 'belongs to a token, and needs `portal`: one app may tell of many portals',
    path: ['appSecret'],
  })

export type Settings = z.output<typeof settings>

/** Everything in the settings that must never be shown. */
export const secretsOf = ({ token, oauth, appSecret }: Settings): string[] =>
  [token, oauth?.clientSecret, oauth?.refreshToken, appSecret].filter((secret) => secret !== undefined)
