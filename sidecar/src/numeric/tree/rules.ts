import { type Input, MISSING } from '../boosting/inputs.ts'
import { pathsOf } from '../shap/paths.ts'
import type { DecisionTree } from './decision-tree.ts'

/** What a rule asks of one column. */
export type Condition =
  /** above < value <= upTo, each null where open; nothing but missing where `onlyMissing`. */
  | {
      readonly type: 'number'
      readonly name: string
      readonly above: number | null
      readonly upTo: number | null
      readonly onlyMissing: boolean
      readonly orMissing: boolean
    }
  /** One of these words; `orOthers`: or any word that is rare or new. */
  | {
      readonly type: 'category'
      readonly name: string
      readonly levels: readonly string[]
      readonly orOthers: boolean
      readonly orMissing: boolean
    }

/** One leaf, said as conditions that all hold. */
export interface Rule {
  readonly conditions: readonly Condition[]
  /** Training rows for which they hold, and the share of them with the outcome. */
  readonly n: number
  readonly rate: number
}

/** The leaves of a tree as rules, highest rate first; every row falls under one of them. */
export function rulesOf(model: DecisionTree): Rule[] {
  return pathsOf(model.tree, model.inputs)
    .paths.map(({ inputs, passes, value, cover }) => ({
      conditions: inputs.map((input, k) => conditionOf(model.inputs[input]!, passes[k]!, model.mayMiss[input]!)),
      n: cover,
      rate: value,
    }))
    .sort((a, b) => b.rate - a.rate || b.n - a.n)
}

function conditionOf(input: Input, passes: Uint8Array, mayMiss: boolean): Condition {
  const orMissing = mayMiss && passes[MISSING] === 1
  if (input.type === 'category') {
    const levels = input.levels.filter((_, bin) => passes[bin] === 1)
    return { type: 'category', name: input.name, levels, orOthers: passes[input.levels.length] === 1, orMissing }
  }
  // The bins that pass stand beside each other.
  const first = passes.indexOf(1)
  const last = passes.subarray(0, input.edges.length + 1).lastIndexOf(1)
  const onlyMissing = first < 0 || first > input.edges.length
  return {
    type: 'number',
    name: input.name,
    above: onlyMissing || first === 0 ? null : input.edges[first - 1]!,
    upTo: onlyMissing || last === input.edges.length ? null : input.edges[last]!,
    onlyMissing,
    orMissing,
  }
}

/** "tenure > 3 and <= 12, or missing"; a rule without conditions is about everybody. */
export function ruleText({ conditions }: Rule): string {
  return conditions.length === 0 ? 'everybody' : conditions.map(conditionText).join('; ')
}

function conditionText(condition: Condition): string {
  const { name } = condition
  const missing = condition.orMissing ? ', or missing' : ''
  if (condition.type === 'category') {
    const words = [...condition.levels, ...(condition.orOthers ? ['any other'] : [])]
    return words.length === 0 ? `${name} missing` : `${name} is ${words.join(' or ')}${missing}`
  }
  if (condition.onlyMissing) return `${name} missing`
  const parts = [
    ...(condition.above === null ? [] : [`> ${condition.above}`]),
    ...(condition.upTo === null ? [] : [`<= ${condition.upTo}`]),
  ]
  return parts.length === 0 ? `${name} known${missing}` : `${name} ${parts.join(' and ')}${missing}`
}
