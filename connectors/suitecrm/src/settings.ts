import { isPrivate } from '@assay/sugar-family'
import { z } from 'zod'

const text = z.string().trim().min(1)

/**
 * How Assay signs in to SuiteCRM. Both roads are needed: writing goes over V8 (OAuth2 client), reading and deletions over v4_1 (name and
 * password of the same user).
 */
export const settings = z
  .strictObject({
    /** Where SuiteCRM is opened in the browser; SuiteCRM 8 answers below `/legacy`. */
    url: z.url({ protocol: /^https?$/ }),
    /** True lets passwords go to an address that begins with `http://`, where whoever is on the way can read them: in a network of your own. */
    plainHttp: z.boolean().default(false),
    /** Of the entry in Admin > OAuth2 Clients and Tokens. */
    clientId: text,
    clientSecret: z.string().min(1),
    /** Which grant that entry allows: it allows one only. `auto` tries the first, then the second. */
    grant: z.enum(['auto', 'password', 'clientCredentials']).default('auto'),
    /** The integration user; of a client credentials entry the user that it is assigned to. */
    username: text,
    password: z.string().min(1),
    /** What carries the customer's scores. */
    customer: z.enum(['account', 'contact']).default('account'),
    /** ISO 4217 of the instance's own currency (Admin > Locale): no sign-in is told. */
    currency: z.string().regex(/^[A-Z]{3}$/, 'a currency looks like EUR'),
    /** The keys of the stages that mean a won and a lost deal (Admin > Dropdown Editor, sales_stage_dom). */
    wonStages: z.array(text).min(1).default(['Closed Won']),
    lostStages: z.array(text).min(1).default(['Closed Lost']),
    /** Most records of one answer. */
    pageSize: z.int().min(10).max(2000).default(500),
    /** SuiteCRM names no limit of its own. */
    callsPerSecond: z.number().positive().default(20),
  })
  .refine(({ url, plainHttp }) => plainHttp || !URL.canParse(url) || isPrivate(url), {
    message: 'passwords are sent there: give an address that begins with https://, or set plainHttp where the network is your own',
    path: ['url'],
  })

export type Settings = z.output<typeof settings>
