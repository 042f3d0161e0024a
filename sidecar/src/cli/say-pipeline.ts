import type { Report } from '@assay/shared'
import { z } from 'zod'
import { n } from './words.ts'

const total = z.object({ expected: z.number(), low: z.number(), high: z.number() })
const errors = z.object({ ours: z.number(), stage: z.number(), runRate: z.number().nullable() })
const pipeline = z.object({ horizonDays: z.number(), deals: z.number(), wins: total, money: total.nullable() })
const forecast = z.object({ errors: z.object({ days: z.number(), wins: errors, money: errors.nullable() }) })

const range = ({ expected, low, high }: z.infer<typeof total>): string => `${n(expected)} (${n(low)} to ${n(high)})`
const off = ({ ours, stage, runRate }: z.infer<typeof errors>): string =>
  `off by ${ours.toFixed(0)} %, stage win rate by ${stage.toFixed(0)} %${runRate === null ? '' : `, run-rate by ${runRate.toFixed(0)} %`}`

/** What the open deals come to, and how far such forecasts were off; nothing for miners that do not forecast. */
export function pipelineLines(report: Report): string[] {
  const past = forecast.safeParse(report.details['forecast'])
  const now = pipeline.safeParse(report.details['pipeline'])
  const lines: string[] = []
  if (now.success) {
    const { deals, horizonDays, wins, money } = now.data
    lines.push(`of ${n(deals)} open deals ${range(wins)} won within ${horizonDays} days${money ? `, worth ${range(money)}` : ''}`)
  }
  if (past.success) {
    const { days, wins, money } = past.data.errors
    lines.push(`forecasts on ${days} past days: deals ${off(wins)}${money ? `; money ${off(money)}` : ''}`)
  }
  return lines.length === 0 ? [] : ['pipeline', ...lines.map((line) => `  ${line}`)]
}
