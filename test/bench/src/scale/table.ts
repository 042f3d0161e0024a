import type { Growth } from './growth.ts'
import type { Line, Measured } from './steps.ts'

const HEAD = `${'step'.padEnd(34)}${'wall s'.padStart(9)}${'CPU s'.padStart(9)}${'peak MB'.padStart(9)}${'stall ms'.padStart(10)}${'busy ms'.padStart(9)}${'records'.padStart(11)}${'per s'.padStart(9)}${'stand-in s'.padStart(12)}`

export const headOf = (accounts: number): string => `${accounts.toLocaleString('en')} accounts\n${HEAD}`

export function lineText({ phase, name, cost, records, standInSeconds }: Line): string {
  const label = `${name}${phase === 'first run' || name.startsWith(' ') ? '' : ` (${phase})`}`
  const perSecond = records === null || cost.wallSeconds === 0 ? '' : Math.round(records / cost.wallSeconds).toLocaleString('en')
  return [
    label.slice(0, 33).padEnd(34),
    cost.wallSeconds.toFixed(1).padStart(9),
    cost.cpuSeconds.toFixed(1).padStart(9),
    Math.round(cost.peakBytes / 1e6)
      .toLocaleString('en')
      .padStart(9),
    Math.round(cost.stallMs).toLocaleString('en').padStart(10),
    Math.round(cost.busyMs).toLocaleString('en').padStart(9),
    (records?.toLocaleString('en') ?? '').padStart(11),
    perSecond.padStart(9),
    (standInSeconds?.toFixed(1) ?? '').padStart(12),
  ].join('')
}

export function totalText({ lines, peakBytes, memory }: Measured): string {
  const whole = lines.filter((line) => !line.name.startsWith(' '))
  const sum = (phase: Line['phase'], of: (line: Line) => number): string =>
    whole
      .filter((line) => line.phase === phase)
      .reduce((total, line) => total + of(line), 0)
      .toFixed(0)
  const phases = (['first run', 'after a 1 % change'] as const).map(
    (phase) => `${phase} ${sum(phase, (line) => line.cost.wallSeconds)} s (CPU ${sum(phase, (line) => line.cost.cpuSeconds)} s)`,
  )
  const how = memory === 'kernel' ? '' : ', sampled: short peaks are missed'
  return `${phases.join(' · ')} · peak ${Math.round(peakBytes / 1e6).toLocaleString('en')} MB${how}`
}

export function growthText(all: readonly Growth[]): string {
  if (all.length === 0) return ''
  const lines = all.map(
    ({ from, to, phase, name, exponent, worse }) =>
      `  ${`${name}${phase === 'first run' ? '' : ` (${phase})`}`.padEnd(44)}${from} to ${to}: n^${exponent.toFixed(2)}${worse ? '   WORSE THAN n log n' : ''}`,
  )
  return [`Growth of CPU seconds (n log n is n^${all[0]!.allowed.toFixed(2)} here; steps below a second are left out)`, ...lines].join('\n')
}
