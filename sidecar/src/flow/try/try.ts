import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AssayError, type EventDefinition, type Host, type Kind, type Log, type Readiness, type Report, type Session } from '@assay/shared'
import { flatFrame, IGNORED, type LeftOut, sameName } from '../../features/flat.ts'
import { customerNames } from '../../features/history.ts'
import { exportsFolder, minerOf } from '../../registry.ts'
import { seededRng } from '../../numeric/rng.ts'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/store.ts'
import { dayAfter } from '../mine/days.ts'
import { type Examined, examine } from '../mine/examine.ts'
import { flatLesson, type RowTimes } from '../mine/flat-lesson.ts'
import { type Mined, mine } from '../mine/mine.ts'
import { type Within, within } from '../mine/within.ts'
import { openWorkshop, type Workshop } from '../mine/workshop.ts'
import { gather } from '../sync/gather.ts'
import { emptyColumns, nothingToMine, type Profile } from './nothing.ts'
import { buyingSummary } from './summary.ts'
import { topCustomers, type TopCustomer } from './top.ts'

export interface TryInput {
  readonly folder: string
  readonly mappingFile: string | undefined
  readonly tell: (progress: { step: string; detail: string; done?: number; total?: number | null }) => void
  readonly log: Log
  readonly signal: AbortSignal
}

/** The document that `assay try --json` prints. */
export interface TryDocument {
  readonly read: {
    readonly folder: string
    readonly records: Readonly<Partial<Record<Kind, number>>>
    readonly aside: number
    readonly today: string | null
    readonly notes: readonly string[]
  }
  readonly profile: Profile
  readonly readiness: readonly Readiness[]
  readonly reports: readonly Report[]
  /** Columns of flat tables that no miner was shown, each with the reason. */
  readonly leftOut: readonly LeftOut[]
  readonly top: readonly TopCustomer[]
}

/** A lead's status of today is what it became. */
const STATUS = 'status'
const CONNECTION = 'try'
const DAY = 86_400_000
const FROM_ORDERS: readonly string[] = ['churn', 'value', 'wins', 'offers', 'segments']

/** The same mining as everywhere, on a folder of exports. Nothing is written but a temporary store, which is taken away. */
export async function tryFolder(input: TryInput): Promise<TryDocument> {
  const mapping = await exportsFolder.readMapping(input.folder, { mappingFile: input.mappingFile })
  const directory = await mkdtemp(join(tmpdir(), 'assay-try-'))
  const store = await openStore({ dataDirectory: directory, database: 'assay_try' })
  const workshop = openWorkshop(input.signal)
  try {
    await store.migrate()
    const { records, aside } = await load(input, store)
    input.tell({ step: 'profile', detail: 'looking for what is missing, odd or double' })
    const profile = await exportsFolder.profile(input.folder, mapping, Date.now())
    const told = (step: string, detail: string): void => input.tell({ step, detail })
    const mined =
      (records.deal ?? 0) + (records.subscription ?? 0) > 0
        ? await mine({
            store,
            connection: CONNECTION,
            today: mapping.today === null ? null : dayAfter(Date.parse(mapping.today)),
            now: Date.now(),
            ...(mapping.unit === null ? {} : { unit: mapping.unit }),
            ...(mapping.horizonDays === null ? {} : { horizonDays: mapping.horizonDays }),
            stable: { account: exportsFolder.stableOf(mapping, 'account'), contact: exportsFolder.stableOf(mapping, 'contact') },
            // Whoever has the files may read all that is in them.
            open: [...exportsFolder.stableOf(mapping, 'account'), ...exportsFolder.stableOf(mapping, 'contact')],
            judgeAt: mapping.judgeAt.map((day) => Date.parse(day)),
            workshop,
            tell: told,
            signal: input.signal,
          })
        : null
    const { flat, leftOut } = await mineFlat(input, store, mapping, workshop, told)
    const examined = [...(mined?.examined ?? []), ...flat]
    // A table that sums up purchases by customer, where there are no purchases and nothing else is asked.
    const summed = examined.length === 0 && (records.account ?? 0) > 0 ? await buyingSummary(store, CONNECTION, workshop) : null
    return {
      read: {
        folder: input.folder,
        records,
        aside,
        today: mined ? new Date(mined.today - DAY).toISOString().slice(0, 10) : null,
        notes: [
          ...(mined === null ? [] : beyondNote(mined)),
          ...profile.notes,
          ...(examined.length === 0 && summed === null ? nothingToMine(profile) : []),
        ],
      },
      profile,
      readiness: examined.map((one) => withReason(one.readiness, profile.unsaid)),
      reports: [...examined.flatMap((one) => (one.report ? [one.report] : [])), ...(summed ? [summed] : [])],
      leftOut: [...(mined?.leftOut ?? []), ...leftOut, ...(flat.length > 0 ? emptyColumns(profile) : [])],
      top: mined ? await top(store, mined, workshop) : [],
    }
  } finally {
    await workshop.close()
    await store.close()
    await rm(directory, { recursive: true, force: true })
  }
}

/** What is not ready because no stage says what was won says so: otherwise it looks as if nothing had been bought. */
const withReason = (one: Readiness, unsaid: string | null): Readiness =>
  one.ready || unsaid === null || !FROM_ORDERS.includes(one.miner) ? one : { ...one, note: `${one.note} ${unsaid}` }

/** What lies after the day that counts as today, where the data had to say which day that is. */
function beyondNote({ beyond, today }: Mined): string[] {
  if (beyond === null) return []
  const [until, last] = [today - DAY, beyond.newest].map((at) => new Date(at).toISOString().slice(0, 10))
  return [
    `${beyond.events} event${beyond.events === 1 ? ' lies' : 's lie'} after ${until}, the newest on ${last}: by the look of it wrong or planned, and not used. Name "today" in mapping.json if the data goes further.`,
  ]
}

/** Reads the whole folder into the store. Rows that are bad are kept aside by the profile, with line and reason. */
async function load(input: TryInput, store: Store): Promise<{ records: Partial<Record<Kind, number>>; aside: number }> {
  const { connector } = exportsFolder
  const session: Session = connector.open(
    { folder: input.folder, ...(input.mappingFile === undefined ? {} : { mappingFile: input.mappingFile }) },
    quietHost(input),
  )
  const records: Partial<Record<Kind, number>> = {}
  let aside = 0
  try {
    for (const kind of connector.capabilities.kinds) {
      for await (const page of gather(session.read(kind, null), 20_000)) {
        input.signal.throwIfAborted()
        await store.append(CONNECTION, page.records)
        for (const record of page.records) records[record.kind] = (records[record.kind] ?? 0) + 1
        aside += page.refused?.length ?? 0
        input.tell({ step: 'read', detail: 'records', done: Object.values(records).reduce((a, b) => a + b, 0), total: null })
      }
    }
  } finally {
    await session.close()
  }
  return { records, aside }
}

/** Every flat outcome that the folder declares, by the engine of its meaning. */
async function mineFlat(
  input: TryInput,
  store: Store,
  mapping: Awaited<ReturnType<typeof exportsFolder.readMapping>>,
  workshop: Workshop,
  tell: (step: string, detail: string) => void,
): Promise<{ flat: Examined[]; leftOut: LeftOut[] }> {
  const flat: Examined[] = []
  const leftOut: LeftOut[] = []
  for (const outcome of exportsFolder.outcomesOf(mapping)) {
    input.signal.throwIfAborted()
    const { kind } = outcome
    if (kind !== 'account' && kind !== 'contact' && kind !== 'lead') continue
    // A lead's creation is the time of its question; a customer's is only when they came.
    const order = outcome.order === 'file' ? 'file' : outcome.dated && kind === 'lead' ? 'time' : 'none'
    const table = await flatFrame(store.driver, {
      connection: CONNECTION,
      kind,
      asOf: Date.UTC(2199, 0, 1),
      outcome: { column: outcome.attribute, isPositive: (value) => outcome.isPositive(value) },
      ignore: order === 'time' && !outcome.stable.includes(STATUS) ? [...outcome.ignore, STATUS] : outcome.ignore,
      stable: outcome.stable,
      order,
    })
    if (!outcome.listed && table.said.length > 0 && !table.frame.outcome!.includes(1)) {
      throw new AssayError(
        'config',
        `"${outcome.section}.outcome": no value of "${outcome.attribute}" is "${outcome.positive}", which "positive" says means that it happened`,
        { hint: `Values there: ${table.said.join(', ')}` },
      )
    }
    // Ignored columns were never read, so the table does not know them.
    if (!outcome.ignore.includes(STATUS) && table.leftOut.some(({ column, why }) => column === STATUS && why === IGNORED))
      leftOut.push({ column: STATUS, why: 'what a lead is today, which tells what became of it' })
    leftOut.push(...outcome.ignore.map((column) => ({ column, why: IGNORED })), ...table.leftOut.filter(({ why }) => why !== IGNORED))
    const stable = table.frame.columns
      .map((column) => column.info.name)
      .filter((name) => outcome.stable.some((said) => sameName(said, name)))
    const judgeAt = mapping.judgeAt.map((day) => Date.parse(day))
    const asked = { horizonDays: mapping.horizonDays, judgeAt }
    const soon =
      order === 'time' ? within(table, mapping.today === null ? newestOf(table) : dayAfter(Date.parse(mapping.today)), asked) : null
    const definition: EventDefinition = {
      event: soon === null ? `${outcome.attribute} = ${outcome.positive}` : `${outcome.meaning} within ${soon.horizonDays} days`,
      from: 'column',
      horizonDays: soon?.horizonDays ?? null,
      who: soon === null ? `every ${kind} of the file` : `every ${kind} of the file whose ${soon.horizonDays} days are over`,
    }
    const frame = soon === null ? table.frame : { ...table.frame, outcome: soon.outcome }
    const times = order === 'time' ? timesOf(table.createdAt, judgeAt, soon) : {}
    const lesson = flatLesson(frame, definition, order, seededRng(`${outcome.miner} folds`), times)
    flat.push(await examine(minerOf(outcome.miner), lesson, { stable }, workshop, tell))
  }
  return { flat, leftOut }
}

/** The newest thing that a table knows of, epoch ms. */
const newestOf = ({ createdAt, happenedAt }: { createdAt: Float64Array; happenedAt: Float64Array }): number =>
  [createdAt, happenedAt].reduce((most, days) => days.reduce((a, b) => (b > a ? b : a), most), 0)

/** Where periods begin, and what was known then. */
function timesOf(createdAt: Float64Array, judgeAt: readonly number[], soon: Within | null): RowTimes {
  const cuts = judgeAt.length > 0 ? { cuts: judgeAt.map((day) => firstAfter(createdAt, day)) } : {}
  if (soon === null)
    return {
      ...cuts,
      note: 'nothing says when it happened, so rows too young to have come to it count as rows without it (name its day: outcome.at, convertedAt)',
    }
  return { ...cuts, createdAt, knownAt: createdAt.map((at) => at + soon.horizonDays * DAY), note: soon.note }
}

function firstAfter(createdAt: Float64Array, at: number): number {
  const found = createdAt.findIndex((created) => created >= at)
  return found < 0 ? createdAt.length : found
}

async function top(store: Store, mined: Mined, workshop: Workshop): Promise<readonly TopCustomer[]> {
  const found = await topCustomers(mined, workshop)
  const names = await customerNames(
    store.driver,
    CONNECTION,
    mined.unit,
    mined.today,
    found.map((one) => one.id),
  )
  return found.map((one) => ({ ...one, name: names.get(one.id) ?? null }))
}

const quietHost = (input: TryInput): Host => ({
  fetch: globalThis.fetch,
  dispatcher: undefined,
  quota: { take: async () => {}, report: () => {} },
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  signal: input.signal,
  log: input.log,
})
