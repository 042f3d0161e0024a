import { sameShare } from '../../numeric/normal-tail.ts'
import type { MinerRun } from '../../store/run-summary.ts'

/** What one miner's scores look like beside those of the run before. */
export interface MinerCheck {
  readonly miner: string
  readonly rows: number
  readonly rowsBefore: number | null
  /** Share of records with no score. */
  readonly unscored: number
  readonly unscoredBefore: number | null
  readonly mean: number | null
  readonly meanBefore: number | null
  /** Population stability index of the scores; null where there is no earlier run, or none of the same model. */
  readonly psi: number | null
}
export interface FleetCheck {
  /** `act`: something is wrong with the data or the model, look before anything is published. */
  readonly state: 'fine' | 'watch' | 'act'
  readonly miners: readonly MinerCheck[]
  readonly findings: readonly { readonly state: 'watch' | 'act'; readonly text: string }[]
}

const DAY = 86_400_000
/** Population stability index: less is no change, more is another population (the usual reading of the measure). */
const PSI = { watch: 0.1, act: 0.25 } as const
/** A share of records that lost (or got) a score, and of records that are gone. */
const SHARE = { watch: 0.05, act: 0.2 } as const
/** … and by more than chance. */
const CHANCE = 0.01
const SILENT_DAYS = 7
const FLOOR = 1e-4

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** Sum of (q - p) ln(q / p) over bins, empty ones floored: how far one distribution is from another. 0 where either is empty. */
export function stabilityIndex(before: readonly number[], now: readonly number[]): number {
  const [a, b] = [before, now].map((counts) => counts.reduce((sum, n) => sum + n, 0)) as [number, number]
  if (a === 0 || b === 0) return 0
  return before.reduce((sum, n, i) => {
    const p = Math.max(n / a, FLOOR)
    const q = Math.max(now[i]! / b, FLOOR)
    return sum + (q - p) * Math.log(q / p)
  }, 0)
}

/**
 * Looks at all scores of a run together, beside those of the run before: records without a score, records that are gone,
 * scores that moved, a feed that fell silent. Epoch ms.
 */
export function checkFleet(
  now: readonly MinerRun[],
  before: readonly MinerRun[],
  feed: { readonly at: number; readonly newestEvent: number },
): FleetCheck {
  const findings: FleetCheck['findings'][number][] = []
  const say = (level: keyof typeof SHARE | null, text: string): void => {
    if (level !== null) findings.push({ state: level, text })
  }
  const silent = Math.floor((feed.at - feed.newestEvent) / DAY)
  say(silent > SILENT_DAYS ? 'watch' : null, `nothing new happened in ${silent} days: is the feed alive?`)
  const miners = now.map((one): MinerCheck => {
    const earlier = before.find((each) => each.miner === one.miner)
    const check = checkOf(one, earlier)
    if (!earlier) return check
    const less = 1 - one.rows / Math.max(1, earlier.rows)
    say(levelOf(less, SHARE), `${one.miner}: ${one.rows} records, ${earlier.rows} the run before`)
    const moved = Math.abs(check.unscored - check.unscoredBefore!)
    const chance = sameShare({ hits: one.unscored, n: one.rows }, { hits: earlier.unscored, n: earlier.rows })
    say(
      chance < CHANCE ? levelOf(moved, SHARE) : null,
      `${one.miner}: ${percent(check.unscored)} of the records have no score, ${percent(check.unscoredBefore!)} the run before`,
    )
    if (check.psi !== null) {
      say(
        levelOf(check.psi, PSI),
        `${one.miner}: the scores moved (PSI ${check.psi.toFixed(2)}): ${percent(check.mean ?? 0)} on average, ${percent(check.meanBefore ?? 0)} the run before`,
      )
    }
    return check
  })
  const worst = findings.some(({ state }) => state === 'act') ? 'act' : findings.length > 0 ? 'watch' : 'fine'
  return { state: worst, miners, findings }
}

const levelOf = (value: number, { watch, act }: { readonly watch: number; readonly act: number }): 'watch' | 'act' | null =>
  value > act ? 'act' : value > watch ? 'watch' : null

function checkOf(one: MinerRun, earlier: MinerRun | undefined): MinerCheck {
  const comparable = earlier !== undefined && earlier.model === one.model && one.model !== ''
  const scored = (counts: readonly number[]): number => counts.reduce((sum, n) => sum + n, 0)
  return {
    miner: one.miner,
    rows: one.rows,
    rowsBefore: earlier?.rows ?? null,
    unscored: one.unscored / Math.max(1, one.rows),
    unscoredBefore: earlier ? earlier.unscored / Math.max(1, earlier.rows) : null,
    mean: finite(one.mean),
    meanBefore: earlier ? finite(earlier.mean) : null,
    psi: comparable && scored(one.spread) > 0 && scored(earlier.spread) > 0 ? stabilityIndex(earlier.spread, one.spread) : null,
  }
}
