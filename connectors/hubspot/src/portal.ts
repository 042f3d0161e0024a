import { AssayError, once, type Host } from '@assay/shared'
import type { HubSpotClient } from './client.ts'
import type { Stage } from './map.ts'
import type { ObjectType } from './objects.ts'
import { listOf, type WireAccount, type WirePipeline, type WireProperty, type WireSchema } from './wire.ts'

/** What a session asks the portal once and then knows. */
export interface Portal {
  readonly client: HubSpotClient
  readonly host: Host
  account(): Promise<WireAccount>
  /** All properties of an object that this sign-in may see. */
  properties(object: string): Promise<readonly WireProperty[]>
  /** Deal stages by id. */
  stages(): Promise<ReadonlyMap<string, Stage>>
  /** The name under which an object's records are called; null where the portal has no such object. */
  nameOf(object: ObjectType): Promise<string | null>
}

/** A custom object is found by its name. */
const SUBSCRIPTION = /^subscriptions?$/i

/** `expected`: the id of the portal that is meant; calls are refused (`config`) when the sign-in belongs to another one. */
export const openPortal = (client: HubSpotClient, host: Host, expected?: number): Portal => {
  const properties = new Map<string, () => Promise<readonly WireProperty[]>>()
  const schemas = once(async () => {
    const list = listOf<WireSchema>(await client.call({ area: 'schemas', tail: '' }), 'schemas')
    const words = ({ name, labels }: WireSchema) => [name, labels?.singular, labels?.plural]
    return list.results.find((schema) => words(schema).some((word) => word !== undefined && SUBSCRIPTION.test(word))) ?? null
  })
  return {
    client,
    host,
    account: once(async () => {
      const account = (await client.call({ area: 'account', tail: '/details' })).body as WireAccount
      if (expected !== undefined && account.portalId !== expected)
        throw new AssayError('config', `This sign-in belongs to portal ${account.portalId}, and ${expected} is meant.`, {
          hint: 'Sign in to that portal, or connect this one under another title without `portal`.',
        })
      client.setOffset(account.utcOffsetMilliseconds ?? 0)
      return account
    }),
    properties(object) {
      let ask = properties.get(object)
      if (ask === undefined) {
        ask = once(
          async () =>
            listOf<WireProperty>(await client.call({ area: 'properties', tail: `/${object}` }), `properties of ${object}`).results,
        )
        properties.set(object, ask)
      }
      return ask()
    },
    stages: once(async () => {
      const list = listOf<WirePipeline>(await client.call({ area: 'pipelines', tail: '/deals' }), 'deal pipelines')
      const stages = new Map<string, Stage>()
      for (const { id, metadata } of list.results.flatMap((pipeline) => pipeline.stages)) {
        // Metadata are texts. Only a closed stage with certainty is a won one.
        const isClosed = metadata?.isClosed === 'true'
        stages.set(id, { isClosed, isWon: isClosed && Number(metadata?.probability) === 1 })
      }
      return stages
    }),
    async nameOf(object) {
      if (object.kind !== 'subscription') return object.name
      return (await schemas())?.objectTypeId ?? null
    },
  }
}
