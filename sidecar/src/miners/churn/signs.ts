import { type Column, type FeatureInfo, REST_SIGN, type Sign, sayFeature } from '@assay/shared'
import { logit, sigmoid } from '../../numeric/sigmoid.ts'
import { calibrated } from './calibration.ts'
import { columnFor, evidenceAt, isBeyond } from './evidence.ts'
import { partsOf } from './learned.ts'
import type { Candidate, Evidence, PropensityModel } from './model.ts'
import { RHYTHM } from './rhythm.ts'
import { columnOf, type Table } from './table.ts'

/** At most so many are said one by one. */
const MOST = 6
/** A sign that moves the chance by less than this (percentage points) is not said. */
const LEAST_POINTS = 0.5

/** Columns whose inputs say one thing at several lengths are one sign: orders_30d, orders_60d, … */
const familyOf = (column: string): string => column.replace(/_\d+d$/, '')

interface Source {
  readonly info: FeatureInfo
  readonly column: Column | undefined
  readonly evidence: Evidence
  /** Log-odds before calibration, row by row, centred on the training rows. */
  readonly part: Float64Array
}

/** Counts over rows: signs that were large enough to be said, and those of them that were not, by reason. */
export interface SignTally {
  said: number
  /** The customers it has in common left less where it raises the chance, or the other way round. */
  againstEvidence: number
  /** Fewer than 30 training rows were like it. */
  tooFewAlike: number
  /** A value far outside of what training rows had. */
  beyondExperience: number
}

/**
 * The average log-odds that the signs of a model start from: those of the share of training rows in which it happened.
 */
export const averageOf = (model: PropensityModel): number => logit(model.trained.rate)

/**
 * Why each row has its score. Contributions are in log-odds after calibration: a Platt slope multiplies them; an
 * isotonic curve stretches all parts of a row by the one factor that makes them meet its height. With the sign
 * `everything_else` they add up to the row's log-odds less `averageOf(model)`, and the points to its percentage points
 * from the average. A sign whose evidence speaks against its direction, is too thin, or is about a value that nobody had is not
 * said, but is part of the rest, and counted in `tally`. The rest also lists what is not known of the row.
 */
export function signsOf(
  model: PropensityModel,
  candidate: Candidate,
  table: Table,
  raw: Float64Array,
  gap: readonly (string | null)[],
  tally: SignTally | null = null,
): Sign[][] {
  const { start, parts } = partsOf(candidate.learned, table)
  const families = [...Map.groupBy(sourcesOf(model, parts, table), (source) => familyOf(source.info.name)).values()]
  const average = averageOf(model)
  return Array.from(raw, (f, row) => {
    const score = calibrated(candidate.calibration, f)
    const total = score - average
    const rise = (sigmoid(score) - model.trained.rate) * 100
    const pointsOf = Math.abs(total) > 1e-9 ? rise / total : model.trained.rate * (1 - model.trained.rate) * 100
    const factor = factorOf(candidate, start, f, score)
    const judged = familiesAt(families, row, factor)
      .filter(({ contribution }) => Math.abs(contribution * pointsOf) >= LEAST_POINTS)
      .map(({ source, contribution }) => {
        const sign = signAt(source, row, contribution, contribution * pointsOf, model.trained.rate, gap[row]!)
        return { sign, unsaid: unsaidBecause(sign, source, row) }
      })
    for (const { unsaid } of judged) if (unsaid !== null && tally) tally[unsaid]++
    if (tally) tally.said += judged.filter(({ unsaid }) => unsaid === null).length
    const said = judged
      .flatMap(({ sign, unsaid }) => (unsaid === null ? [sign] : []))
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || (a.feature < b.feature ? -1 : 1))
      .slice(0, MOST)
    const left = said.reduce((rest, sign) => ({ contribution: rest.contribution - sign.contribution, points: rest.points - sign.points }), {
      contribution: total,
      points: rise,
    })
    return [...said, restSign(left.contribution, left.points, missingAt(families, row))]
  })
}

function sourcesOf(model: PropensityModel, parts: ReadonlyMap<string, Float64Array>, table: Table): Source[] {
  return model.features.map((info, k) => {
    const evidence = model.evidence[k]!
    return { info, evidence, column: columnFor(evidence, table), part: parts.get(info.name) ?? new Float64Array(table.size) }
  })
}

/** How much of the calibrated scale one unit of the raw scale is worth in that row, whose parts start from `start`. */
function factorOf({ calibration }: Candidate, start: number, raw: number, score: number): number {
  if (calibration.kind === 'platt') return calibration.slope
  const rise = raw - start
  return Math.abs(rise) < 1e-9 ? 0 : (score - calibrated(calibration, start)) / rise
}

/** Members of a family are summed; the one that moves it most in its direction speaks for it. */
function familiesAt(families: readonly (readonly Source[])[], row: number, factor: number): { source: Source; contribution: number }[] {
  return families.map((members) => {
    let part = 0
    for (const member of members) part += member.part[row]!
    const direction = Math.sign(part)
    let speaker = members[0]!
    for (const member of members) if (member.part[row]! * direction > speaker.part[row]! * direction) speaker = member
    return { source: speaker, contribution: part * factor }
  })
}

function signAt(source: Source, row: number, contribution: number, points: number, average: number, gap: string | null): Sign {
  const { info, column, evidence } = source
  const value = valueAt(info, column, row)
  const seen = evidenceAt(evidence, column, row)
  const text = value === null ? `${info.label}: not known` : sayFeature(info, value)
  return {
    feature: info.name,
    text: info.name === 'days_since_last_order' && gap !== null && value !== null ? `${text}; ${gap}` : text,
    value,
    contribution,
    points,
    evidence: seen && { rate: seen.rate, average, n: seen.n },
    sourceFields: info.sourceFields,
    restricted: info.restricted,
  }
}

function valueAt(info: FeatureInfo, column: Column | undefined, row: number): number | string | null {
  if (!column) return null
  if (column.type === 'category') return column.codes[row]! < 0 ? null : column.levels[column.codes[row]!]!
  const value = column.values[row]!
  if (Number.isNaN(value)) return null
  // The rhythm is kept in log-odds and said as a chance.
  return info.name === RHYTHM ? sigmoid(value) : value
}

/** Why a sign goes into the rest instead of being said, or null. */
function unsaidBecause(sign: Sign, { evidence, column }: Source, row: number): Exclude<keyof SignTally, 'said'> | null {
  if (isBeyond(evidence, column, row)) return 'beyondExperience'
  if (sign.evidence === null) return 'tooFewAlike'
  return sign.evidence.rate > sign.evidence.average === sign.contribution > 0 ? null : 'againstEvidence'
}

/** The labels of the inputs that are not known of that row. */
const missingAt = (families: readonly (readonly Source[])[], row: number): string[] =>
  families.flat().flatMap(({ info, column }) => (valueAt(info, column, row) === null ? [info.label] : []))

const restSign = (contribution: number, points: number, missing: readonly string[]): Sign => ({
  feature: REST_SIGN,
  text: missing.length === 0 ? 'everything else' : `everything else; not known: ${missing.join(', ')}`,
  value: null,
  contribution,
  points,
  evidence: null,
  sourceFields: [],
  restricted: false,
})

/** "usual gap 21 days", row by row, where it is known: a silence means little without it. */
export function usualGaps(table: Table): (string | null)[] {
  const column = columnOf(table, 'mean_gap_days')
  return Array.from({ length: table.size }, (_, row) =>
    column?.type === 'number' && !Number.isNaN(column.values[row]!) ? sayFeature(column.info, column.values[row]!) : null,
  )
}
