import { createRemoteRoot } from '@remote-ui/core'
import * as RemoteUI from '@remote-ui/react'
import { createEndpoint, retain } from '@remote-ui/rpc'
import * as React from 'react'
import type { PageSide, Portal, Properties, WorkerSide } from './portal.ts'

declare const importScripts: (address: string) => void

// HubSpot's worker has these globals before it loads a card. They are its own business and may change with the SDK.
type Extension = (api: unknown) => React.ReactElement
let extension: Extension = () => React.createElement(React.Fragment)
const endpoint = createEndpoint<PageSide>(self as never)
const answered = (body: unknown): { json: () => Promise<unknown> } => ({ json: () => Promise.resolve(body) })
let portal: Portal

Object.assign(self, {
  __HUBSPOT_EXTENSION_WORKER__: true,
  React,
  RemoteUI,
  logger: console,
  extend_V2: (callback: Extension) => {
    extension = callback
  },
  hsWorkerAPI: {
    fetchCrmProperties: async (names: readonly string[], changed: (properties: Properties) => void) =>
      answered(await endpoint.call.properties(names, changed)),
    fetchAssociations: async ({ properties = [] }: { properties?: readonly string[] }) =>
      answered(await endpoint.call.associations(properties)),
    useExtensionContext: () => context(),
  },
})

const context = (): unknown => ({
  location: 'crm.record.sidebar',
  crm: portal.open,
  user: { id: 42, locale: portal.locale ?? 'en-us', email: 'rep@example.com' },
  portal: { id: 123_456, timezone: 'Europe/Berlin' },
})

endpoint.expose({
  async render(channel: unknown, given: Portal) {
    retain(channel)
    portal = given
    importScripts('/AssayCard.js')
    const root = createRemoteRoot(channel as never, { strict: false })
    RemoteUI.createRoot(root as never).render(extension({ context: context(), actions: {} }) as never)
    await root.mount()
  },
} satisfies WorkerSide as never)
