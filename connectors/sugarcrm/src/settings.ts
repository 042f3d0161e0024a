import { isPrivate } from '@assay/sugar-family'
import { z } from 'zod'
import { PLATFORM } from './package/index.ts'

const text = z.string().trim().min(1)
/** Platforms of Sugar's own clients: a sign-in under one of them ends the session of the person who uses it. */
const TAKEN: ReadonlySet<string> = new Set(['base', 'mobile', 'portal', 'opi', 'lasso'])

export const platform = text
  .regex(/^[A-Za-z0-9_-]+$/, 'a platform has letters, digits, - and _ only')
  .refine((name) => !TAKEN.has(name), { message: "that is a platform of Sugar's own: a sign-in there throws out whoever works in it" })
  .default(PLATFORM)

/** How Assay signs in to Sugar, and as what. Exactly one of `password` and `oauth`. */
export const settings = z
  .strictObject({
    /** Where Sugar is opened in the browser: `https://crm.acme.example`, or with a folder behind it. */
    url: z.url({ protocol: /^https?$/, error: 'give the address at which Sugar is opened in the browser, as https://crm.acme.example' }),
    /** True lets passwords go to an address that begins with `http://`, where whoever is on the way can read them: in a network of your own. */
    plainHttp: z.boolean().default(false),
    /** The integration user, with whom nobody else signs in. */
    password: z.strictObject({ username: text, password: z.string().min(1) }).optional(),
    /** A refresh token from an earlier sign-in; every use gives a new one, which is kept in its place. */
    oauth: z.strictObject({ refreshToken: text }).optional(),
    /** `sugar`, or the key of an entry in Admin > OAuth Keys, with its secret. */
    clientId: text.default('sugar'),
    clientSecret: z.string().default(''),
    /** Must be known to Sugar; Assay's package makes `assay` known. */
    platform,
    /** The version of the API that is spoken; an instance answers to every one up to its own. */
    apiVersion: z
      .string()
      .regex(/^1\d_\d+$/, 'a version looks like 11_20')
      .default('11_20'),
    /** What carries the customer's scores. */
    customer: z.enum(['account', 'contact']).default('account'),
    /** ISO 4217 of the instance's own currency, where the sign-in is not told. */
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'a currency looks like EUR')
      .optional(),
    /** The keys of the stages that mean a won and a lost deal, as chosen in Admin > Forecasts. */
    wonStages: z.array(text).min(1).default(['Closed Won']),
    lostStages: z.array(text).min(1).default(['Closed Lost']),
    /** Most records of one answer; an instance may give fewer. */
    pageSize: z.int().min(10).max(1000).default(500),
    /** Sugar names no limit of its own, and asks for fair use. */
    callsPerSecond: z.number().positive().default(5),
  })
  .refine((given) => (given.password === undefined) !== (given.oauth === undefined), {
    message: 'give either `password` or `oauth`, not both',
    path: ['password'],
  })
  .refine(({ url, plainHttp }) => plainHttp || !URL.canParse(url) || isPrivate(url), {
    message: 'passwords are sent there: give an address that begins with https://, or set plainHttp where the network is your own',
    path: ['url'],
  })

export type Settings = z.output<typeof settings>

/** Everything in the settings that must never be shown. */
export const secretsOf = ({ password, oauth, clientSecret }: Settings): string[] =>
  [password?.password, oauth?.refreshToken, clientSecret].filter((secret) => secret !== undefined && secret !== '') as string[]
