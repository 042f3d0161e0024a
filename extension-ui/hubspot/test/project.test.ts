import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { translate } from '@hubspot/project-parsing-lib/translate'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCE = join(ROOT, 'src')
const json = async (file: string): Promise<never> => JSON.parse(await readFile(join(ROOT, file), 'utf8')) as never
interface App {
  readonly config: {
    readonly distribution: string
    readonly auth: { readonly type: string; readonly redirectUrls: readonly string[]; readonly requiredScopes: readonly string[] }
    readonly permittedUrls: Readonly<Record<string, readonly string[]>>
  }
}

describe('the project', () => {
  test("is understood by HubSpot's own parser: one app with a card and webhooks", async () => {
    const { platformVersion } = await json('hsproject.json')
    expect(platformVersion).toBe('2026.03')
    const translated = await translate({ projectSourceDir: SOURCE, platformVersion, accountId: 1 }, { skipValidation: true })
    const nodes = translated.intermediateRepresentation?.intermediateNodesIndexedByUid ?? {}
    expect(Object.fromEntries(Object.entries(nodes).map(([uid, { componentType }]) => [uid, componentType]))).toEqual({
      assay_app: 'APPLICATION',
      assay_card: 'CARD',
      assay_webhooks: 'WEBHOOKS',
    })
    expect(nodes['assay_card']?.componentDeps).toMatchObject({ app: 'assay_app' })
  })

  test('the card stands on companies, contacts and deals, and its entry point exists', async () => {
    const { config } = (await json('src/app/cards/assay-card-hsmeta.json')) as {
      config: { entrypoint: string; location: string; objectTypes: string[] }
    }
    expect(config.objectTypes).toEqual(['companies', 'contacts', 'deals'])
    expect(config.location).toBe('crm.record.sidebar')
    expect(existsSync(join(SOURCE, config.entrypoint))).toBe(true)
  })

  test('the card calls nobody: everything it shows are properties of the portal', async () => {
    const { config } = (await json('src/app/app-hsmeta.json')) as App
    expect(config.permittedUrls).toEqual({ fetch: [], iframe: [], img: [] })
  })

  test('the app asks for the scopes that the connector says it needs, once each', async () => {
    const { config } = (await json('src/app/app-hsmeta.json')) as App
    const { requiredScopes } = config.auth
    expect(new Set(requiredScopes).size).toBe(requiredScopes.length)
    for (const object of ['companies', 'contacts', 'deals'])
      for (const scope of [`crm.objects.${object}.read`, `crm.objects.${object}.write`, `crm.schemas.${object}.write`])
        expect(requiredScopes).toContain(scope)
    expect(config.auth).toMatchObject({ type: 'oauth', redirectUrls: ['http://localhost:4871/signed-in'] })
  })

  test('a deleted person is among what HubSpot tells', async () => {
    const { config } = (await json('src/app/webhooks/webhooks-hsmeta.json')) as {
      config: { settings: { targetUrl: string }; subscriptions: { hubEvents: unknown[] } }
    }
    expect(config.subscriptions.hubEvents).toContainEqual({ subscriptionType: 'contact.privacyDeletion', active: true })
    expect(new URL(config.settings.targetUrl)).toMatchObject({ protocol: 'https:', pathname: '/webhooks/hubspot' })
  })
})
