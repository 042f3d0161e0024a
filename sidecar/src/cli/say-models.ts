import type { Changes, Guard, Matured, Moves } from '@assay/shared'
import type * as operations from '../api/operations/index.ts'
import type { FleetCheck } from '../flow/mine/fleet.ts'
import type { RecordChanges } from '../flow/mine/record-changes.ts'
import { percent } from '../report/words.ts'
import { day, indent, n } from './words.ts'

type Of<N extends keyof typeof operations> = Awaited<ReturnType<(typeof operations)[N]['run']>>

const minute = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')
const short = (id: string): string => id.slice(0, 8)

/** The history of models: one line each, then who decided what. */
export function modelHistory(result: Of<'models'>): string {
  const names = new Map(result.models.map(({ id, miner }) => [id, miner]))
  return [
    ...(result.models.length === 0 ? ['No model was made yet. Run: assay mine'] : []),
    ...result.models.map(
      (one) =>
        `${short(one.id)}  ${one.miner} ${one.version}  ${one.state} since ${minute(one.decidedAt)}, data until ${day(one.dataUntil)}  ${one.why}`,
    ),
    ...(result.artefact === null
      ? []
      : [`parameters: ${JSON.stringify(result.models[0]?.params)}`, `${n(result.models[0]?.bytes ?? 0)} bytes; whole with --json`]),
    ...(result.events.length > 0 ? ['', 'Decisions:'] : []),
    ...indent(
      result.events.map(
        (event) =>
          `${minute(event.at)}  ${short(event.model)} ${names.get(event.model) ?? event.miner} ${event.what} by ${event.actor}: ${event.why}`,
      ),
    ),
  ].join('\n')
}

export const rolledBack = (result: Of<'rollback'>): string =>
  [
    `${result.miner}: the model of ${day(result.to.fittedAt)} (${short(result.to.id)}, data until ${day(result.to.dataUntil)}) is live again${result.from === null ? '' : ` instead of ${short(result.from)}`}.`,
    'Score with it: assay mine. Forward again: assay rollback with --to.',
  ].join('\n')

const HOW = { appeared: '+', vanished: '-', strengthened: '↑', weakened: '↓' } as const

export function changeLines(
  changes: Changes | null | undefined,
  moves: Moves | null | undefined,
  names: Readonly<Record<string, string>> = {},
): string[] {
  return [
    ...(changes
      ? [
          `since the model with data until ${changes.since}: ${changes.found.length} of ${n(changes.tested)} differences are more than chance`,
          ...indent(changes.found.map((each) => `${HOW[each.how]} ${each.text}`)),
        ]
      : []),
    ...(moves
      ? [
          `since ${moves.since ?? 'then'}: ${n(moves.moved)} customers moved, ${n(moves.stayed)} stayed, ${n(moves.arrived.reduce((a, b) => a + b, 0))} arrived`,
          ...indent(moves.who.slice(0, 10).map((one) => `${names[one.id] ?? one.id}: ${one.from} → ${one.to} (${one.why})`)),
        ]
      : []),
  ]
}

export const changed = (result: Of<'changes'>): string =>
  [...(result.record === undefined ? [] : [recordLines(result.record)]), minerLines(result)].join('\n')

function recordLines(record: RecordChanges | null): string {
  if (record === null) return 'nothing to compare with yet: it takes two churn scores of that customer, of two days'
  const points = (value: number | null): string => (value === null ? 'not said' : `${value >= 0 ? '+' : ''}${value.toFixed(1)}`)
  return [
    `${record.id}: churn risk ${record.risk.before} on ${record.since}, ${record.risk.now} on ${record.until}${record.otherModel ? ' (by another model)' : ''}`,
    ...indent(record.signs.map((sign) => `${sign.text}: ${points(sign.before)} → ${points(sign.now)} points`)),
  ].join('\n')
}

const minerLines = (result: Of<'changes'>): string =>
  result.miners
    .map((one) => {
      const lines = [...changeLines(one.changes, one.moves, one.names), ...guardLines(one.guard)]
      return [one.miner, ...indent(lines.length > 0 ? lines : ['nothing to compare with yet: it takes a second model'])].join('\n')
    })
    .join('\n')

const guardLines = (guard: Guard | null | undefined): string[] => (guard ? [guard.why] : [])

/** What a report holds beyond its figures. */
export function addedLines(report: {
  readonly changes?: Changes | undefined
  readonly moves?: Moves | undefined
  readonly guard?: Guard | undefined
  readonly matured?: Matured | undefined
  readonly names?: Readonly<Record<string, string>> | undefined
}): string[] {
  return [
    ...guardLines(report.guard),
    ...(report.matured ? [`published scores so far: ${report.matured.text}`] : []),
    ...changeLines(report.changes, report.moves, report.names),
  ]
}

export const fleetLines = (fleet: FleetCheck | null): string[] =>
  fleet === null || (fleet.miners.length === 0 && fleet.findings.length === 0)
    ? []
    : fleet.findings.length === 0
      ? [
          `All scores together: as the run before (${fleet.miners.map((one) => `${one.miner} ${percent(one.unscored)} without a score`).join(', ')}).`,
        ]
      : ['All scores together:', ...indent(fleet.findings.map(({ state, text }) => `${state === 'act' ? 'LOOK FIRST' : 'watch'}: ${text}`))]
