import type { CrmRecord } from '@assay/shared'
import type { Section } from './model.ts'

/** More than this share of the deals whose day is past, neither won nor lost, is a stage that was not understood. */
const MOST_UNSAID = 0.3
const MOST_STAGES = 12

export interface DealCount {
  add(record: CrmRecord): void
  /** One sentence on deals of which the stages say too little; null when all is well. */
  result(): string | null
}

/** Counts whether the stages of deals say what was won. `until` in epoch ms: what was to close before it is over. */
export function dealCounter(section: Section, until: number): DealCount {
  const stages = new Map<string, number>()
  let [deals, won, past, unsaid] = [0, 0, 0, 0]
  const flagged = section.columns['isWon'] !== undefined && section.columns['isClosed'] !== undefined
  return {
    add(record) {
      if (record.kind !== 'deal' || record.deleted) return
      const { stage, isWon, isClosed, closedAt } = record.body
      deals += 1
      if (isWon === true) won += 1
      if (stage !== null && (stages.has(stage) || stages.size < 1_000)) stages.set(stage, (stages.get(stage) ?? 0) + 1)
      if (closedAt === null || closedAt >= until) return
      past += 1
      if (isClosed !== true) unsaid += 1
    },
    result() {
      const { file } = section.head
      if (deals === 0) return null
      if (won > 0 && (flagged || section.won || unsaid <= past * MOST_UNSAID)) return null
      const there = [...stages].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      const more = there.length > MOST_STAGES ? ` and ${there.length - MOST_STAGES} more` : ''
      const list =
        there.length === 0
          ? 'it has no stages'
          : `stages there: ${there
              .slice(0, MOST_STAGES)
              .map(([stage, count]) => `"${stage}" (${count})`)
              .join(', ')}${more}`
      if (won === 0) {
        const what =
          section.won || (there.length === 0 && section.columns['closedAt'] === undefined)
            ? `no day on which one was bought was found; name it as "deals": { "closedAt": … } in mapping.json`
            : flagged
              ? `its flags say so of none; ${list}`
              : `no stage says won; ${list}; say which under deals.stage.won in mapping.json`
        return `None of the ${deals} deals in ${file} is won: ${what}.`
      }
      return `${unsaid} of ${past} deals in ${file} whose day of closing is past are neither won nor lost by their stage; ${list}; say which under deals.stage.won and deals.stage.lost in mapping.json.`
    },
  }
}

export interface CurrencyCount {
  add(record: CrmRecord): void
  /** One sentence when money stands in several currencies that nobody converted; null when it does not. */
  result(): string | null
}

/** Counts the currencies of amounts that have no amount in the company's own currency beside them. */
export function currencyCounter(section: Section): CurrencyCount {
  const found = new Map<string, number>()
  return {
    add(record) {
      if (record.deleted) return
      const body = record.body as Readonly<Record<string, unknown>>
      const { currency } = body
      if (typeof currency !== 'string' || typeof body['homeAmount'] === 'number') return
      if (!['amount', 'unitPrice', 'price', 'monthlyAmount'].some((member) => typeof body[member] === 'number')) return
      if (found.has(currency) || found.size < 200) found.set(currency, (found.get(currency) ?? 0) + 1)
    },
    result() {
      if (found.size < 2) return null
      const list = [...found]
        .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
        .slice(0, 8)
        .map(([currency, count]) => `${currency} (${count})`)
      return `Money in ${section.head.file} stands in ${found.size} currencies: ${list.join(', ')}. It cannot be added up; convert it, and name the column as "deals": { "homeAmount": … } in mapping.json.`
    },
  }
}
