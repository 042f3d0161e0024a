import { AssayError, type Consent, sayIssues, wording } from '@assay/shared'
import { z } from 'zod'
import { openClient } from './client.ts'
import { ASKED, ASKED_IF_GIVEN } from './scopes.ts'
import { settings as schema, type Settings } from './settings.ts'

const CONSENT_PAGE = 'https://app.hubspot.com/oauth/authorize'
/** The project file of the app names it; HubSpot allows plain http for localhost only. */
const REDIRECT = 'http://localhost:4871/signed-in'

const text = z.string().trim().min(1)
const given = z.looseObject({
  oauth: z.looseObject({ clientId: text, clientSecret: text }),
  /** Another page to consent on, in tests. */
  consentPage: z.url().default(CONSENT_PAGE),
})

/** The settings of a connection as far as they are known before the consent, and where to ask for it. */
function appOf(app: Readonly<Record<string, unknown>>): { readonly page: string; readonly known: Settings } {
  const parsed = given.safeParse(app)
  if (!parsed.success)
    throw new AssayError('config', 'The HubSpot app is not named: client id and client secret are missing.', {
      hint: 'Give a file: --settings-file app.json with { "oauth": { "clientId": "…", "clientSecret": "…" } }. Both stand on the Auth page of the app.',
    })
  const { consentPage, ...rest } = parsed.data
  // Whatever stands in its place: it is what the consent is about to bring.
  const known = schema.safeParse({ ...rest, oauth: { ...rest.oauth, refreshToken: 'not-yet' } }, { error: wording({ show: false }) })
  if (known.success) return { page: consentPage, known: known.data }
  throw new AssayError('config', `HubSpot cannot be connected: ${sayIssues(known.error, 'settings')}`)
}

export const consent: Consent = {
  redirect: REDIRECT,
  page(app, state) {
    const { page, known } = appOf(app)
    const address = new URL(page)
    // Blanks as %20: HubSpot's page reads no plus signs.
    address.search = Object.entries({
      client_id: known.oauth?.clientId ?? '',
      redirect_uri: REDIRECT,
      scope: ASKED.join(' '),
      optional_scope: ASKED_IF_GIVEN.join(' '),
      state,
    })
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&')
    return address.href
  },
  async settings(app, code, host) {
    const { known } = appOf(app)
    const client = openClient(known, host)
    const { refreshToken, portal } = await client.redeem(code, REDIRECT)
    const meant = portal ?? ((await client.call({ area: 'account', tail: '/details' })).body as { portalId?: number }).portalId
    if (known.portal !== undefined && meant !== known.portal)
      throw new AssayError('auth', `Somebody signed in to portal ${meant}, and ${known.portal} is meant.`, {
        hint: 'Begin again, and choose that portal on the page of HubSpot.',
      })
    return { ...known, oauth: { ...known.oauth, refreshToken }, ...(meant === undefined ? {} : { portal: meant }) }
  },
}
