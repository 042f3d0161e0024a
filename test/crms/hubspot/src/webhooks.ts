import { createHmac } from 'node:crypto'
import type { Associations } from './associations.ts'
import { APP_ID, PORTAL_ID } from './identity.ts'
import { TYPE_IDS, type ObjectType } from './object-types.ts'
import type { Store } from './store.ts'

/** One thing that HubSpot tells, as it stands in a delivery. */
export type WebhookEvent = Readonly<Record<string, unknown>>

export interface DeliverOptions {
  /** Instead of the app's own. */
  readonly secret?: string
  /** Instead of now: what the timestamp says (epoch ms). */
  readonly at?: number
  /** What is signed, where somebody on the way changes the address. */
  readonly signedUrl?: string
  /** Each delivery so often. */
  readonly times?: number
  readonly backwards?: boolean
}

/** What the app was told to be told. Nothing is sent before `deliver`. */
export interface Webhooks {
  /** From now on events are kept for this address, signed with the app's secret. */
  subscribe(to: { readonly targetUrl: string; readonly secret: string }): void
  /** Not delivered yet, oldest first. */
  readonly waiting: readonly WebhookEvent[]
  /** Sends everything that waits, at most 100 events a call; the statuses of the answers. */
  deliver(options?: DeliverOptions): Promise<number[]>
  /** The same events once more, as after an answer that HubSpot did not hear. */
  again(options?: DeliverOptions): Promise<number[]>
}

const PER_DELIVERY = 100
const NAMES: Readonly<Partial<Record<ObjectType, string>>> = {
  contacts: 'CONTACT',
  companies: 'COMPANY',
  deals: 'DEAL',
  tickets: 'TICKET',
  line_items: 'LINE_ITEM',
}

export function createWebhooks(
  now: () => number,
): Webhooks & { readonly note: (type: ObjectType, what: string, more: WebhookEvent) => void } {
  let target: { readonly targetUrl: string; readonly secret: string } | null = null
  let waiting: WebhookEvent[] = []
  let delivered: WebhookEvent[] = []
  let events = 0

  const send = async (batch: readonly WebhookEvent[], options: DeliverOptions): Promise<number> => {
    if (target === null) throw new Error('nobody has subscribed')
    const body = JSON.stringify(batch)
    const timestamp = String(options.at ?? now())
    const source = `POST${options.signedUrl ?? target.targetUrl}${body}${timestamp}`
    const signature = createHmac('sha256', options.secret ?? target.secret)
      .update(source, 'utf8')
      .digest('base64')
    const headers = { 'content-type': 'application/json', 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp }
    const response = await fetch(target.targetUrl, { method: 'POST', headers, body })
    await response.arrayBuffer()
    return response.status
  }
  const sendAll = async (all: readonly WebhookEvent[], options: DeliverOptions): Promise<number[]> => {
    const statuses: number[] = []
    const line = options.backwards === true ? [...all].reverse() : all
    for (let at = 0; at < line.length; at += PER_DELIVERY)
      for (let time = 0; time < (options.times ?? 1); time += 1) statuses.push(await send(line.slice(at, at + PER_DELIVERY), options))
    return statuses
  }

  return {
    subscribe(to) {
      target = to
    },
    get waiting() {
      return waiting
    },
    async deliver(options = {}) {
      delivered = waiting
      waiting = []
      return sendAll(delivered, options)
    },
    again: (options = {}) => sendAll(delivered, options),
    note(type, what, more) {
      if (target === null) return
      events += 1
      const privacy = what === 'privacyDeletion'
      waiting.push({
        eventId: events,
        subscriptionId: 1000,
        portalId: PORTAL_ID,
        appId: APP_ID,
        occurredAt: now(),
        attemptNumber: 0,
        changeSource: 'CRM_UI',
        subscriptionType: privacy ? 'contact.privacyDeletion' : `object.${what}`,
        ...(privacy ? {} : { objectTypeId: TYPE_IDS[type] }),
        ...more,
      })
    },
  }
}

export type Note = ReturnType<typeof createWebhooks>['note']
const copied = <T extends object>(one: T): T => Object.defineProperties({}, Object.getOwnPropertyDescriptors(one)) as T

/** The same store, which tells what happens in it. */
export function tellingStore(store: Store, note: Note): Store {
  return Object.assign(copied(store), {
    create(...given: Parameters<Store['create']>) {
      const id = store.create(...given)
      note(given[0], 'creation', { objectId: Number(id) })
      return id
    },
    update(...given: Parameters<Store['update']>) {
      store.update(...given)
      for (const [propertyName, propertyValue] of Object.entries(given[2]))
        note(given[0], 'propertyChange', { objectId: Number(given[1]), propertyName, propertyValue })
    },
    archive(...given: Parameters<Store['archive']>) {
      store.archive(...given)
      note(given[0], 'deletion', { objectId: Number(given[1]), changeFlag: 'DELETED' })
    },
    restore(...given: Parameters<Store['restore']>) {
      store.restore(...given)
      note(given[0], 'restore', { objectId: Number(given[1]) })
    },
    erase(...given: Parameters<Store['erase']>) {
      store.erase(...given)
      note(given[0], 'privacyDeletion', { objectId: Number(given[1]) })
      note(given[0], 'deletion', { objectId: Number(given[1]), changeFlag: 'DELETED' })
    },
    markMerged(...given: Parameters<Store['markMerged']>) {
      store.markMerged(...given)
      const [type, loser, winner] = given
      const ids = { primaryObjectId: Number(winner), mergedObjectIds: [Number(loser)], newObjectId: Number(winner) }
      note(type, 'merge', { objectId: Number(winner), ...ids })
    },
  } satisfies Partial<Store>)
}

/** The same links, which tell when one is made or taken away. */
export function tellingAssociations(associations: Associations, note: Note): Associations {
  const tell = (from: ObjectType, id: string, to: ObjectType, toId: string, associationRemoved: boolean): void => {
    const associationType = `${NAMES[from] ?? ''}_TO_${NAMES[to] ?? ''}`
    note(from, 'associationChange', { associationType, fromObjectId: Number(id), toObjectId: Number(toId), associationRemoved })
  }
  return Object.assign(copied(associations), {
    add(...given: Parameters<Associations['add']>) {
      associations.add(...given)
      tell(given[0], given[1], given[2], given[3], false)
    },
    remove(...given: Parameters<Associations['remove']>) {
      associations.remove(...given)
      tell(given[0], given[1], given[2], given[3], true)
    },
  } satisfies Partial<Associations>)
}
