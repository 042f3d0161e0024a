import { type App, isOwnership, openApp, operations, type Progress, readConfig, takeOwnership } from '@assay/sidecar'
import { type Cost, openMeter, together } from './meter.ts'
import type { Answer, Order, Part, StepName } from './steps.ts'

/**
 * The sidecar as a process of its own, so that its memory and its CPU seconds are nobody else's. Does the steps it is told
 * over the channel to its parent, and answers with what each part of them cost.
 */
const meter = openMeter()
const stop = new AbortController()
let ahead = 0
let opened: { readonly app: App; readonly crm: { readonly url: string; readonly token: string }; close(): Promise<void> } | null = null

const log = { debug() {}, info() {}, warn: (message: string) => void process.stderr.write(`${message}\n`) }
/** The stand-in sets no limits here, so the connector need not hold back. */
const UNLIMITED = { callsPerTenSeconds: 10_000_000, searchesPerSecond: 1_000_000 }

const OPERATIONS: Readonly<Record<StepName, (app: App, tell: (progress: Progress) => void) => Promise<object>>> = {
  connect: (app, tell) =>
    operations.connect.run(
      app,
      { connector: 'hubspot', settings: { token: opened!.crm.token, baseUrl: opened!.crm.url, ...UNLIMITED } },
      tell,
      stop.signal,
    ),
  sync: (app, tell) => operations.sync.run(app, { full: false }, tell, stop.signal),
  define: (app, tell) => operations.defineChurn.run(app, { accept: 'proposed', from: 'silence' }, tell, stop.signal),
  mine: (app, tell) => operations.mine.run(app, { refit: false }, tell, stop.signal),
  fields: (app, tell) => operations.fieldsInstall.run(app, {}, tell, stop.signal),
  'publish first': (app, tell) => operations.publish.run(app, { dryRun: false, proceed: false }, tell, stop.signal),
  publish: (app, tell) => operations.publish.run(app, { dryRun: false, proceed: true }, tell, stop.signal),
  alerts: (app, tell) => operations.alerts.run(app, { dryRun: false }, tell, stop.signal),
}

/** "fit Churn": the step, and the miner where the detail starts with its name. */
const partOf = ({ step, detail }: Progress): string => (step === 'sync' || step === 'publish' ? step : `${step} ${detail.split(':')[0]}`)

async function measured(step: StepName): Promise<Answer> {
  const parts = new Map<string, Cost>()
  let part: string = step
  const close = (): void => {
    const cost = meter.lap()
    const before = parts.get(part)
    parts.set(part, before === undefined ? cost : together(before, cost))
  }
  meter.lap()
  const said = await OPERATIONS[step](opened!.app, (progress) => {
    if (step !== 'mine' || partOf(progress) === part) return
    close()
    part = partOf(progress)
  })
  close()
  return { answer: 'done', parts: Array.from(parts, ([name, cost]): Part => ({ name, cost })), said: { ...said } }
}

async function obey(order: Order): Promise<Answer> {
  ahead = order.ahead
  if (order.order === 'step') return measured(order.step)
  const ownership = await takeOwnership(order.home)
  if (!isOwnership(ownership)) throw new Error('the bench shares its directory with nobody')
  const config = readConfig({ ASSAY_HOME: order.home, ASSAY_QUOTA_SHARE: '1', ASSAY_LOG: 'warn' })
  const app = await openApp(config, log, ownership, () => Date.now() + ahead)
  opened = {
    app,
    crm: order,
    async close() {
      await app.close()
      await ownership.release()
    },
  }
  return { answer: 'opened', memory: meter.memory }
}

process.on('message', (order: Order) => {
  obey(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) =>
      process.send?.({ answer: 'failed', why: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies Answer),
  )
})
process.once('disconnect', () => {
  meter.stop()
  stop.abort()
  const end = async (): Promise<void> => opened?.close()
  end().then(
    () => process.exit(0),
    () => process.exit(1),
  )
})
