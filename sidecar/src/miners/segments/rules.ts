import { type Frame, sayValue } from '@assay/shared'
import { fitTree } from '../../numeric/tree/decision-tree.ts'
import { type Condition, type Rule, rulesOf } from '../../numeric/tree/rules.ts'
import type { Segment } from './model.ts'

/** Rules of a segment at most: three sentences that people read. */
const MOST = 3
/** A rule says who belongs here: more than half of those that it fits must. */
const RIGHT = 0.5
const LEAST_ROWS = 10

type Rules = Pick<Segment, 'rules' | 'ruled'>

/** Who belongs to each group in conditions on the measures they were told apart by; `labels[i]` is the group of row `rows[i]`. */
export function groupRules(frame: Frame, rows: Int32Array, labels: Int32Array, count: number, measures: readonly string[]): Rules[] {
  const columns = measures.flatMap((name) => {
    const found = frame.columns.find((each) => each.info.name === name)
    if (found?.type !== 'number') return []
    return [{ type: 'number' as const, info: found.info, values: Float64Array.from(rows, (row) => found.values[row]!) }]
  })
  const info = new Map(columns.map((each) => [each.info.name, each.info]))
  return Array.from({ length: count }, (_, group) => {
    const size = labels.reduce((sum, label) => sum + (label === group ? 1 : 0), 0)
    if (size === 0) return { rules: [], ruled: 0 }
    const minRows = Math.max(LEAST_ROWS, Math.ceil(0.02 * size))
    const tree = fitTree(
      columns,
      labels.map((label) => (label === group ? 1 : 0)),
      { leaves: 8, depth: 4, minRows },
    )
    const kept = rulesOf(tree)
      .filter((rule) => rule.rate > RIGHT)
      .sort((a, b) => b.n * b.rate - a.n * a.rate)
      .slice(0, MOST)
    return {
      rules: kept.map((rule) => ({ text: sentence(rule, info), n: rule.n, right: rule.rate })),
      ruled: kept.reduce((sum, rule) => sum + rule.n * rule.rate, 0) / size,
    }
  })
}

type Infos = ReadonlyMap<string, Frame['columns'][number]['info']>

const sentence = (rule: Rule, infos: Infos): string =>
  rule.conditions.length === 0 ? 'everybody' : rule.conditions.map((each) => conditionText(each, infos)).join('; ')

function conditionText(condition: Condition, infos: Infos): string {
  const info = infos.get(condition.name)!
  const label = info.label.charAt(0).toLowerCase() + info.label.slice(1)
  if (condition.type === 'category') return label
  const say = (value: number) => sayValue(info.unit, value)
  const { above, upTo } = condition
  if (above !== null && upTo !== null) return `${label} above ${say(above)}, up to ${say(upTo)}`
  if (above !== null) return `${label} above ${say(above)}`
  return upTo === null ? `${label} known` : `${label} up to ${say(upTo)}`
}
