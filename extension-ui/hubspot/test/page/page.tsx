import { createController, createRemoteReceiver, RemoteRenderer } from '@remote-ui/react/host'
import { createEndpoint, fromWebWorker, retain } from '@remote-ui/rpc'
import { createRoot, type Root } from 'react-dom/client'
import { COMPONENTS } from './components.tsx'
import type { Answer, PageSide, Portal, Properties, Save, WorkerSide } from './portal.ts'

declare global {
  interface Window {
    /** Opens a record with the card on it; what was open before goes. */
    showCard(portal: Portal): void
    /** Changes what the portal knows; an open card is told what changed in its own record. */
    changePortal(change: Partial<Portal>): void
    /** What was saved from a property list. */
    saves: Save[]
  }
}

let root: Root | undefined
let worker: Worker | undefined
let portal: Portal
let tell: (() => void)[] = []
window.saves = []

const nameOf = ({ objectTypeId, objectId }: Portal['open']): string => `${objectTypeId}:${objectId}`
/** What was asked for, as far as it may be read. */
const readable = (record: Properties | undefined, names: readonly string[]): Properties =>
  Object.fromEntries(names.flatMap((name) => (record?.[name] === undefined ? [] : [[name, record[name]]])))

/** The answer as soon as the portal answers at all, and never in the same turn. */
async function answer<T>(data: () => T): Promise<Answer<T>> {
  do await new Promise((resolve) => setTimeout(resolve, 1))
  while (portal.held === true)
  return portal.error ? { error: portal.error } : { data: data() }
}

const side: PageSide = {
  properties(names, changed) {
    retain(changed)
    const own = (): Properties => readable(portal.records[nameOf(portal.open)], names)
    tell.push(() => changed(own()))
    return answer(own)
  },
  associations: (names) =>
    answer(() => ({
      results: (portal.associated ?? []).map(({ toObjectId, typeId, label }) => ({
        toObjectId,
        associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId, label }],
        properties: readable(portal.records[`0-2:${toObjectId}`], names),
      })),
      hasMore: false,
      nextOffset: 0,
    })),
}

window.changePortal = (change) => {
  portal = { ...portal, ...change }
  if (change.records !== undefined) for (const one of tell) one()
}

/** Saves as HubSpot's own property list does. */
function save(target: Portal['open'] | undefined, property: string, value: string | null): void {
  const record = nameOf(target ?? portal.open)
  window.saves.push({ record, property, value })
  window.changePortal({ records: { ...portal.records, [record]: { ...portal.records[record], [property]: value } } })
}

window.showCard = (given) => {
  root?.unmount()
  worker?.terminate()
  portal = given
  tell = []
  window.saves = []
  const place = document.createElement('div')
  document.querySelector('#card')!.replaceChildren(place)
  const receiver = createRemoteReceiver()
  const list = {
    valueOf: (target: Portal['open'] | undefined, name: string) => portal.records[nameOf(target ?? portal.open)]?.[name],
    save,
  }
  const controller = createController(COMPONENTS(list))
  root = createRoot(place)
  root.render(<RemoteRenderer receiver={receiver} controller={controller} />)
  worker = new Worker('/worker.js')
  const endpoint = createEndpoint<WorkerSide>(fromWebWorker(worker))
  endpoint.expose(side as never)
  void endpoint.call.render(receiver.receive, given)
}
