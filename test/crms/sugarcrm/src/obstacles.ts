import type { ModuleName } from './modules.ts'
import { refuse } from './reply.ts'
import type { Row } from './values.ts'

/** Something of the admin's own that refuses rows: a logic hook that throws, a validation. */
export interface Rule {
  readonly module: ModuleName
  /** `before` is null for a new record; `values` what would be written. */
  refuses(values: Row, before: Row | null): boolean
  /** Default 422 invalid_parameter. */
  readonly status?: number
  readonly code?: string
  readonly message: string
}

export interface Obstacles {
  add(rule: Rule): void
  /** The next `times` records written to a module are refused. */
  fail(module: ModuleName, problem: Omit<Rule, 'module' | 'refuses'>, times: number): void
  /** The record is in a team of which the integration user is no member: not found. */
  hide(id: string): void
  isHidden(id: string): boolean
  check(module: ModuleName, before: Row | null, values: Row): void
}

export function createObstacles(): Obstacles {
  const rules: Rule[] = []
  const hidden = new Set<string>()
  return {
    add: (rule) => void rules.push(rule),
    fail(module, problem, times) {
      let left = times
      rules.push({ ...problem, module, refuses: () => left > 0 && left-- > 0 })
    },
    hide: (id) => void hidden.add(id),
    isHidden: (id) => hidden.has(id),
    check(module, before, values) {
      const rule = rules.find((each) => each.module === module && each.refuses(values, before))
      if (rule !== undefined) throw refuse(rule.status ?? 422, rule.code ?? 'invalid_parameter', rule.message)
    },
  }
}
