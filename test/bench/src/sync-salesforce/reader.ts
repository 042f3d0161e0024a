import { setTimeout as wait } from 'node:timers/promises'
import { salesforce } from '@assay/connector-salesforce'
import type { Host } from '@assay/shared'
import { parse } from 'csv-parse'
import { openMeter, type Cost } from '../scale/meter.ts'
import type { Done, Task } from './roles.ts'

/** Reads all contacts once, as a process of its own, so that its memory and its CPU seconds are nobody else's. */

const FIELDS = 'Id, AccountId, Name, Email, Title, MailingCountry, OwnerId, CreatedDate, SystemModstamp, IsDeleted, MasterRecordId'
const POLL_MS = 2000

const meter = openMeter()
let bytes = 0
let pages = 0
let records = 0
let due = Infinity
let step = Infinity
const tenths: Cost[] = []

/** Counts, and takes the costs whenever another tenth has gone by. */
const count = (more: number): void => {
  records += more
  if (records < due) return
  tenths.push(meter.lap())
  due += step
}
const begin = ({ contacts }: Task): void => {
  step = contacts / 10
  due = step
  meter.lap()
}

/** The same network for everybody, with a count of what came over it. */
const counted = async (...[input, init]: Parameters<typeof fetch>): Promise<Response> => {
  const response = await fetch(input, init)
  if (!/\/results\?/.test(response.url) || response.body === null) return response
  pages += 1
  if (pages === 1) begin(task)
  const through = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      bytes += piece.byteLength
      controller.enqueue(piece)
    },
  })
  return new Response(response.body.pipeThrough(through), { status: response.status, headers: response.headers })
}

const byConnector = async ({ url }: Task): Promise<void> => {
  const silent = { debug() {}, info() {}, warn() {} }
  const host: Host = {
    fetch: counted,
    dispatcher: undefined,
    quota: { take: async () => {}, report() {} },
    now: Date.now,
    sleep: (ms) => wait(ms).then(() => undefined),
    signal: new AbortController().signal,
    log: silent,
  }
  const clientCredentials = { clientId: 'consumer-key', clientSecret: 'consumer-secret' }
  const session = salesforce.open(salesforce.settings.parse({ loginUrl: url, clientCredentials }), host)
  for await (const page of session.read('contact', null)) count(page.records.length)
}

/** The pages of a job of our own, one after the other. */
async function* resultPages({ url, token }: Task): AsyncGenerator<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const jobs = `${url}/services/data/v67.0/jobs/query`
  const body = JSON.stringify({ operation: 'queryAll', query: `SELECT ${FIELDS} FROM Contact` })
  const { id } = (await (await fetch(jobs, { method: 'POST', headers, body })).json()) as { id: string }
  for (;;) {
    const { state } = (await (await fetch(`${jobs}/${id}`, { headers })).json()) as { state: string }
    if (state === 'JobComplete') break
    await wait(POLL_MS)
  }
  let locator: string | null = null
  do {
    const response: Response = await counted(`${jobs}/${id}/results?maxRecords=50000${locator === null ? '' : `&locator=${locator}`}`, {
      headers,
    })
    yield response
    locator = response.headers.get('sforce-locator')
  } while (locator !== null && locator !== 'null')
}

const byParser = async (given: Task): Promise<void> => {
  for await (const { body } of resultPages(given)) {
    const parser = parse({
      from_line: 2,
      on_record: () => {
        count(1)
        return null
      },
    }).resume()
    for await (const piece of body ?? []) if (!parser.write(piece)) await new Promise((resolve) => parser.once('drain', resolve))
    await new Promise((resolve) => parser.end(() => resolve(null)))
  }
}

const byNobody = async (given: Task): Promise<void> => {
  for await (const response of resultPages(given)) {
    await response.body?.pipeTo(new WritableStream())
    count(Number(response.headers.get('sforce-numberofrecords')))
  }
}

const task = JSON.parse(process.argv[2] ?? '') as Task
await { connector: byConnector, 'csv-parse': byParser, bytes: byNobody }[task.role](task)
if (tenths.length < 10) tenths.push(meter.lap())
meter.stop()
const done: Done = { role: task.role, records, bytes, pages, tenths, memory: meter.memory }
process.stdout.write(`${JSON.stringify(done)}\n`)
