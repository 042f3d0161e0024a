import { type Report, sayPoints, type Session } from '@assay/shared'
import type * as operations from '../api/operations/index.ts'
import type { MineSummary } from '../api/operations/mine.ts'
import type { RunResult } from '../api/operations/run.ts'
import type { AlertResult } from '../flow/alert/alert.ts'
import type { PublishResult } from '../flow/publish/publish.ts'
import type { SyncResult } from '../flow/sync/sync.ts'
import type { BuiltFile } from './package-file.ts'
import type { TryDocument } from '../flow/try/try.ts'
import { addedLines, fleetLines } from './say-models.ts'
import { buyingLines, outlookLines } from './say-value.ts'
import { pipelineLines } from './say-pipeline.ts'
import { day, indent, n, percent } from './words.ts'

type Answer<O> = O extends { run(...given: never[]): Promise<infer R> } ? R : never
type Of<Name extends keyof typeof operations> = Answer<(typeof operations)[Name]>

const text = (lines: readonly (string | null | undefined | false)[]): string => lines.filter((line) => typeof line === 'string').join('\n')
const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]!.length))) ?? []
  return rows.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!))).join('  '))
}

export function checkLines(check: Awaited<ReturnType<Session['check']>>): string[] {
  const kinds = check.kinds.map((kind) => {
    const hidden = kind.fields.filter((field) => !field.readable)
    const note = kind.readable
      ? hidden.length > 0
        ? `not readable: ${hidden.map((field) => `${field.name} (${field.why})`).join(', ')}`
        : 'all fields readable'
      : `not readable: ${kind.why}`
    return [kind.kind, kind.source, kind.records === null ? '' : n(kind.records), note]
  })
  const { quota } = check
  return [
    `Signed in as ${check.signedInAs}, ${check.account}${check.currency ? `, ${check.currency}` : ''}.`,
    ...indent(table([['kind', 'there called', 'records', ''], ...kinds])),
    quota.limit === null
      ? 'The CRM does not say how many calls a day it allows.'
      : `Calls left today: ${quota.remaining === null ? '?' : n(quota.remaining)} of ${n(quota.limit)}.`,
    ...check.missing.map(({ what, hint }) => `Missing: ${what}. ${hint}`),
    ...(check.surplus.length > 0 ? [`Rights that Assay does not need: ${check.surplus.join(', ')}.`] : []),
  ]
}

/** What a sign-in may not see is not read: it stands above, with the reason. */
function readsLines({ reads, check }: Pick<Of<'check'>, 'reads' | 'check'>): string[] {
  const isShown = (kind: string, field: string): boolean => {
    const places = check.kinds.filter((one) => one.kind === kind)
    // One kind may be read from several places; where none of them tells of a field, nothing speaks against it.
    const told = places.flatMap((one) => one.fields.filter(({ name }) => name === field).map(({ readable }) => one.readable && readable))
    return told.length > 0 ? told.includes(true) : places.length === 0 || places.some(({ readable }) => readable)
  }
  const lines = Object.entries(reads).flatMap(([kind, fields]) => {
    const shown = fields.filter((field) => isShown(kind, field))
    return shown.length === 0 ? [] : [`${kind}: ${shown.join(', ')}`]
  })
  return lines.length === 0 ? ['No field can be read.'] : ['These fields will be read:', ...indent(lines)]
}

export const connected = (result: Of<'connect'>): string =>
  text([
    `${result.renewed ? 'Renewed' : 'Connected'}: ${result.title} (${result.connection})`,
    ...checkLines(result.check),
    ...readsLines(result),
    'Next: assay sync',
  ])

export const checked = (result: Of<'check'>): string =>
  text([
    `${result.title} (${result.connection}): ${result.state}${result.why ? `, ${result.why}` : ''}`,
    ...checkLines(result.check),
    ...readsLines(result),
  ])

export const defined = (result: Of<'defineChurn'>): string =>
  text([
    `The customer is the ${result.unit}. Half of the gaps between two orders are shorter than ${result.medianGap ?? '?'} days, nine in ten shorter than ${result.unusualGap ?? '?'}.`,
    ...result.choices.flatMap((choice) => [
      `${choice.proposed ? '* ' : '  '}${choice.definition.event}: on ${choice.triedOn} it would have called ${n(choice.lost)} of ${n(choice.eligible)} customers lost (${percent(choice.eligible ? choice.lost / choice.eligible : 0)})`,
      `    for example ${choice.examples.join(', ') || 'nobody'}`,
    ]),
    result.accepted
      ? `Accepted: ${result.accepted.event}.`
      : 'Nothing is published until one is accepted: assay define churn --accept proposed',
  ])

export const attributes = (result: Of<'defineAttributes'>): string =>
  text([
    result.stable.length > 0
      ? `Declared stable: ${result.stable.join(', ')}. Learned from at the next refit: assay mine --refit`
      : 'No attribute is declared stable, so none is learned from.',
    result.stable.length > 0 &&
      (result.open.length > 0
        ? `Everybody who sees scores may read signs from: ${result.open.join(', ')}. Signs from the others go to the restricted field.`
        : 'Signs from these go to the restricted field; name with --open those that everybody may read who sees scores.'),
    result.unknown.length > 0 && `The newest model saw nothing called ${result.unknown.join(', ')}: look at the spelling.`,
    result.idle.length > 0 && `Open and not stable, so nothing is learned from: ${result.idle.join(', ')}.`,
    result.used.length > 0 && `The newest model learned from: ${result.used.join(', ')}.`,
    ...indent(result.leftOut.map(({ column, why }) => `left out: ${column} (${why})`)),
  ])

/** Everything that is decided, by the names under which --set decides it. */
export const decided = (policy: Readonly<Record<string, unknown>>): string => text(decidedLines(policy))
const decidedLines = (policy: object, within = ''): string[] =>
  Object.entries(policy).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null
      ? decidedLines(value, `${within}${name}.`)
      : [`${within}${name}=${typeof value === 'string' ? value : value === null ? 'none' : JSON.stringify(value)}`],
  )

export const planned = (plan: Of<'fieldsPlan'>): string =>
  text([
    `To be made: ${plan.create.length}. There already: ${plan.keep.length}. In the way: ${plan.clash.length}.`,
    ...indent(plan.create.map((field) => `+ ${field.object}.${field.name}  ${field.label}`)),
    ...indent(plan.clash.map((field) => `! ${field.object}.${field.name}  ${field.why}`)),
    plan.openTasks > 0 && `Open tasks that alerts made: ${n(plan.openTasks)}; assay fields remove would close them.`,
  ])
export const built = ({ file, bytes, steps }: BuiltFile): string =>
  text([`${file} (${n(Math.ceil(bytes / 1000))} kB)`, ...indent(steps.map((step, at) => `${at + 1}. ${step}`))])
export const installed = (receipt: Of<'fieldsInstall'>): string =>
  text([
    receipt.made.length > 0 ? `Made ${receipt.made.length}.` : 'Made none: every field is there.',
    ...indent(receipt.made.map((one) => `+ ${one.type} ${one.object}.${one.name}`)),
  ])
/** What is held back by the same thing is said together. */
const byReason = (blocked: Of<'fieldsRemove'>['blocked']): [string, string[]][] => {
  const reasons = new Map<string, string[]>()
  for (const { object, name, why } of blocked) reasons.set(why, [...(reasons.get(why) ?? []), `${object}.${name}`])
  return [...reasons]
}
const unblocked = ({ blocked, left }: Of<'fieldsRemove'>): string[] => {
  const named = new Set(blocked.map(({ object, name }) => `${object}.${name}`))
  return left.map(({ object, name }) => `${object}.${name}`).filter((place) => !named.has(place))
}
export const removed = (
  removal: Of<'fieldsRemove'> & { readonly exported: { file: string; answers: number } | null },
  keep: readonly string[],
): string =>
  text([
    removal.exported && `${n(removal.exported.answers)} answers of people are in ${removal.exported.file}.`,
    `Removed ${removal.removed.length}, blocked ${removal.blocked.length}, left ${removal.left.length}.`,
    ...byReason(removal.blocked).flatMap(([why, names]) => indent([`! ${why}:`, ...indent(names)])),
    ...indent(unblocked(removal)),
    removal.tasks.closed > 0 && `Closed ${n(removal.tasks.closed)} open tasks that alerts had made.`,
    removal.tasks.left.length > 0 && `${n(removal.tasks.left.length)} tasks stay open in the CRM; close them there:`,
    ...indent(removal.tasks.left.map(({ taskId, object, id, why }) => `task ${taskId || 'without a known id'} of ${object} ${id}: ${why}`)),
    removal.left.length > removal.blocked.length &&
      keep.length === 0 &&
      'What is left and not blocked is not in the receipt of what was made here. To take back all that Assay is known to make: assay fields receipt --clear, then this again.',
  ])

export const answered = ({ answers }: { readonly answers: Of<'fieldsAnswers'>['answers'] }): string =>
  text([
    `${n(answers.length)} answers.`,
    ...indent(table(answers.map((one) => [one.name ?? one.id, one.offer, one.response, one.on ?? '']))),
  ])
export const saved = ({ file, answers }: { readonly file: string; readonly answers: number }): string =>
  `${n(answers)} answers of people are in ${file}.`
export const receipt = ({ receipt: kept }: Of<'fieldsReceipt'>): string =>
  kept === null ? 'Nothing was made, as far as is known here.' : installed(kept)

export const synced = (result: SyncResult): string =>
  text([
    `Read ${n(Object.values(result.read).reduce((a, b) => a + b, 0))} records: ${
      Object.entries(result.read)
        .map(([kind, count]) => `${n(count)} ${kind}`)
        .join(', ') || 'nothing new'
    }.`,
    result.deleted > 0 && `${n(result.deleted)} of them deleted or merged.`,
    result.unchanged > 0 && `${n(result.unchanged)} of them were touched and are as they were.`,
    result.aside > 0 && `${n(result.aside)} kept aside because they were not understood: assay status`,
    ...result.skipped.map(({ kind, why }) => `Not read: ${kind} (${why})`),
  ])

export const mined = (result: MineSummary): string =>
  text([
    `Event: ${result.definition.event}${result.accepted ? '' : ' (proposed; nobody accepted it yet)'}.`,
    ...indent(
      result.miners.map(
        (miner) => `${miner.miner}: ${miner.verdict}. ${miner.why} Scored ${n(miner.scored)}, facts only for ${n(miner.unscored)}.`,
      ),
    ),
    result.matured && `Published scores so far: ${result.matured.text}`,
    ...fleetLines(result.fleet),
  ])

/** How an admin says that a column is known before the outcome is: of a connected CRM, and of a folder of exports. */
const declared = (): string => 'assay define attributes --stable'
const inMapping = (column: string): string => `"stable": [${JSON.stringify(column)}] in its section of mapping.json`

/** What a reader should know before trusting the figures: columns left out as leaks, columns that moved far, and the power. */
function cautionLines({ power, detectable, leaks = [], drift = [] }: Report, takeBack: (column: string) => string): string[] {
  const far = drift.filter(({ state }) => state === 'act').slice(0, 8)
  return [
    ...(power === undefined ? [] : [`a good model would pass with so much data with a chance of ${percent(power)}`]),
    ...(detectable === undefined ? [] : [`a difference of AUC of ${detectable.toFixed(2)} would be seen four times in five`]),
    ...leaks.map(({ column, why }) => `left out: ${column}: ${why}; ${takeBack(column)} takes it back in`),
    ...(far.length === 0
      ? []
      : [`moved since what was learned from: ${far.map(({ column, psi }) => `${column} (${psi.toFixed(2)})`).join(', ')}`]),
  ]
}

export function reportLines(report: Report, takeBack: (column: string) => string = declared): string[] {
  const figure = (value: Report['metrics'][string] | boolean | string | null): string =>
    typeof value === 'number'
      ? value.toFixed(3)
      : value !== null && typeof value === 'object'
        ? `${value.value.toFixed(3)} (${value.low.toFixed(3)} to ${value.high.toFixed(3)})`
        : String(value)
  const named = (rows: Report['candidates']): string[] =>
    rows.map(
      (row) =>
        `${row.name}: ${Object.entries(row)
          .filter(([key, value]) => key !== 'name' && key !== 'chosen' && value !== null && value !== undefined)
          .map(([key, value]) => `${key} ${figure(value ?? null)}`)
          .join(', ')}${row['chosen'] ? '  (chosen)' : ''}`,
    )
  return [
    `${report.miner}: ${report.event}`,
    ...indent([
      `${report.verdict === 'publish' ? 'Good enough to publish' : 'Not published'}: ${report.why}`,
      `${report.population.who}: ${n(report.population.rows)} rows, ${n(report.population.positives)} events; ${report.protocol}${report.judgedAt.length > 0 ? `, judged on ${report.judgedAt.join(', ')}` : ''}`,
      Object.entries(report.metrics)
        .map(([name, value]) => `${name} ${figure(value)}`)
        .join(', '),
      'against',
      ...indent(named(report.baselines)),
      'candidates',
      ...indent(named(report.candidates)),
      ...cautionLines(report, takeBack),
      ...buyingLines(report.btyd),
      ...outlookLines(report.outlook),
      ...pipelineLines(report),
      ...addedLines(report),
    ]),
  ]
}
export const reported = (result: Of<'report'>): string =>
  text([...result.reports.flatMap((report) => [...reportLines(report), '']), ...fleetLines(result.fleet)])
export const saidWhere = ({ file, miners }: { readonly file: string; readonly miners: readonly string[] }): string =>
  `The report of ${miners.join(', ')} is in ${file}: open it in a browser.`

/** The fields that a line has room for; the document has all of them. */
const TOLD_FIELDS = { churn_risk: 'churn', win_chance: 'win chance', segment: 'segment', value_12m: 'value', offer_1: 'offer' }

/** One record before and after: "77: churn - → 64, offer Scale → Pump; Chance of …". */
function beforeAndAfter({ id, before, after }: PublishResult['examples'][number]): string {
  const told = Object.entries(TOLD_FIELDS).flatMap(([name, label]) =>
    before[name] === undefined && after[name] === undefined ? [] : [`${label} ${before[name] ?? '-'} → ${after[name] ?? '-'}`],
  )
  return `${id}: ${[told.join(', '), after['score_note']].filter(Boolean).join('; ')}`
}

/** So many records stand before and after in the account of a whole run; publish itself shows all that were kept. */
const RUN_EXAMPLES = 3

export const publishedAll = (result: PublishResult): string => published(result, result.examples.length)

function published(result: PublishResult, shown = RUN_EXAMPLES): string {
  const { bill } = result
  return text([
    `${n(bill.records)} records to write (${n(bill.changed)} changed, ${n(bill.refreshed)} refreshed, ${n(bill.cleared)} cleared), ${n(bill.unchanged)} unchanged.`,
    `Bill: ${n(bill.calls)} calls${bill.quotaShare === null ? '' : `, ${percent(bill.quotaShare)} of the day's allowance`}, about ${bill.minutes < 1 ? 'a minute' : `${Math.round(bill.minutes)} minutes`}. ${bill.automations === null ? 'The CRM does not tell which automations would fire.' : bill.automations.length === 0 ? 'No automation would fire.' : `Automations that would fire: ${bill.automations.join(', ')}.`}`,
    ...indent(result.examples.slice(0, shown).map(beforeAndAfter)),
    ...indent(result.rejections.slice(0, 10).map(({ id, why }) => `refused by the CRM: ${id}: ${why}`)),
    bill.refused > 0 && `${n(bill.refused)} left out: the CRM has refused these very values before.`,
    result.failed > 0 && `${n(result.failed)} failed and will be tried again.`,
    `Written ${n(result.written)}, rejected ${n(result.rejected)}, gone ${n(result.gone)}, waiting ${n(result.waiting)}.`,
    result.stopped && `Stopped: ${result.stopped}.`,
  ])
}

export const alerted = (result: AlertResult): string =>
  text([
    result.reset
      ? `First look at ${n(result.looked)} customers (or a new model): taken note of, nobody is told.`
      : `Looked at ${n(result.looked)}: ${result.raised} new tasks, ${result.updated} updated, ${result.closed} closed, ${result.digested} in a digest.`,
    result.ownerless > 0 && `${result.ownerless} have no active owner and there is no fallback owner.`,
    ...indent(result.without.slice(0, 10).map(({ id, name }) => `without an owner: ${name ?? id}`)),
    result.refused > 0 && `${result.refused} tasks were refused by the CRM.`,
    result.held && `Held back: ${result.held}.`,
  ])

export const ran = (result: RunResult): string =>
  text([
    synced(result.sync),
    mined(result.mine),
    result.publish && published(result.publish),
    result.alert && alerted(result.alert),
    ...result.left.map((why) => `Left out: ${why}`),
  ])

export const erased = (result: Of<'erase'>): string => {
  const rows = { ...result.mining, ...result.control }
  const sum = Object.values(rows).reduce((a, b) => a + b, 0)
  return text([
    `Forgotten: ${result.kind}, ${n(sum)} rows.`,
    ...indent(
      Object.entries(rows)
        .filter(([, count]) => count > 0)
        .map(([name, count]) => `${name}: ${n(count)}`),
    ),
    sum === 0 && 'There was nothing about it.',
  ])
}

export const linked = (result: Of<'link'>): string =>
  text([result.url, `Works until ${new Date(result.expiresAt).toISOString()}, while assay serve runs.`])

/** The newest model of every miner; the list has the newest first. */
const newestOfEach = <M extends { readonly miner: string }>(models: readonly M[]): M[] =>
  models.filter((model, at) => models.findIndex(({ miner }) => miner === model.miner) === at)

export const status = (result: Of<'status'>): string =>
  text([
    ...(result.connections.length === 0 ? ['No CRM is connected. assay connect --help shows how.'] : []),
    ...result.connections.flatMap((one) => [
      `${one.title} (${one.connector}, ${one.connection}): ${one.state}${one.why ? `, ${one.why}` : ''}`,
      ...indent([
        `records: ${
          one.records
            .filter((kind) => kind.records > 0)
            .map((kind) => `${n(kind.records)} ${kind.kind}`)
            .join(', ') || 'none yet'
        }`,
        ...(one.damage === null ? [] : [one.damage.what, one.damage.hint]),
        `last sync: ${one.lastSync ? `${one.lastSync.state} ${new Date(one.lastSync.startedAt).toISOString()}` : 'never'}`,
        `waiting to be written: ${n(one.waiting)}`,
        ...newestOfEach(one.models).map((model) => `${model.miner}: ${model.state} since ${day(model.fittedAt)}. ${model.why}`),
        ...(one.aside.total > 0
          ? [
              `kept aside: ${n(one.aside.total)}`,
              ...indent(one.aside.rows.slice(0, 5).map((row) => `${row.kind} ${row.where}: ${row.why}`)),
            ]
          : []),
        ...(one.rejected.total > 0
          ? [
              `refused by the CRM: ${n(one.rejected.total)}`,
              ...indent(one.rejected.rows.slice(0, 5).map((row) => `${row.object} ${row.id}: ${row.why}`)),
            ]
          : []),
      ]),
    ]),
  ])

/** So many rows that were kept aside are shown; the document has more. */
const ASIDE_SHOWN = 3

/** The first rows of a file that could not be read, and why. */
function asideOf({ file, refused, refusedExamples }: TryDocument['profile']['sections'][number]): string[] {
  if (refused === 0) return []
  const shown = refusedExamples.slice(0, ASIDE_SHOWN).map(({ line, why }) => `line ${line}: ${why}`)
  return [`${file}: ${n(refused)} rows kept aside (${shown.join('; ')}${refused > shown.length ? '; …' : ''})`]
}

/** Keys that name nobody: the rows are used, but hang on records that are not there. */
const orphanOf = ({ from, to, rows, keys, examples, nearMatches }: TryDocument['profile']['orphans'][number]): string => {
  const near = nearMatches[0]
  const meant = near === undefined ? '' : `; "${near.key}" is almost "${near.meant}"`
  return `${from}: ${n(rows)} rows name ${n(keys)} that are not among the ${to} (${examples
    .slice(0, ASIDE_SHOWN)
    .map((key) => `"${key}"`)
    .join(', ')}${keys > ASIDE_SHOWN ? ', …' : ''}${meant})`
}

export function tried(document: TryDocument): string {
  return text([
    `Read ${Object.entries(document.read.records)
      .map(([kind, count]) => `${n(count)} ${kind}`)
      .join(
        ', ',
      )}${document.read.aside > 0 ? `; ${n(document.read.aside)} rows kept aside` : ''}${document.read.today ? `; today is ${document.read.today}` : ''}.`,
    ...document.profile.sections.flatMap((section) => asideOf(section)),
    ...document.profile.files.flatMap(({ file, broken }) =>
      broken === null ? [] : [`${file}: nothing behind ${broken.replace(/^(line \d+): /, '$1 was read: ')}`],
    ),
    ...document.profile.unused.map(({ file, why }) => `not read: ${file} (${why})`),
    ...document.profile.orphans.map(orphanOf),
    ...document.read.notes,
    ...document.readiness.map((one) => `${one.miner}: ${one.note}`),
    ...document.leftOut.map(({ column, why }) => `not learned from: ${column} (${why})`),
    '',
    ...document.reports.flatMap((report) => [...reportLines(report, inMapping), '']),
    ...(document.top.length > 0 ? ['Customers with the most at stake:'] : []),
    ...indent(
      document.top
        .slice(0, 10)
        .map((one) =>
          [
            one.name ?? one.id,
            one.risk === null ? null : `${Math.round(one.risk)} %`,
            one.segment,
            [...one.signs.map(({ text: said, points }) => `${said} ${sayPoints(points)}`), ...one.facts].slice(0, 2).join('; '),
            one.offers[0] ? `propose ${one.offers[0].name}` : null,
          ]
            .filter((part) => part !== null && part !== '')
            .join(' | '),
        ),
    ),
  ])
}
