import { type Column, type FeatureInfo, REST_SIGN, type Sign, sayFeature } from '@assay/shared'
import { logit, sigmoid } from '../../numeric/sigmoid.ts'
import { stageSteps } from './calibrate.ts'
import { evidenceAt } from './evidence.ts'
import { type HeadParts, headParts, NO_FEATURE } from './heads.ts'
import { slopesBetween } from './incidence.ts'
import type { Candidate, Evidence, WinsModel } from './model.ts'
import { columnOf, type Table } from './table.ts'

/** At most so many are said one by one. */
const MOST = 6
/** A sign that moves the chance by less than this (percentage points) is not said. */
const LEAST_POINTS = 0.5
const STAGE = 'stage'

/** Columns whose inputs say one thing at several lengths, or from two sides, are one sign. */
const familyOf = (column: string): string => (column === 'days_overdue' ? 'days_to_plan' : column.replace(/_\d+d$/, ''))

interface Source {
  readonly info: FeatureInfo
  readonly column: Column | undefined
  readonly evidence: Evidence
}

/** Log-odds that the signs of a model start from: those of the share of training rows that were won within the horizon. */
const averageOf = (model: WinsModel): number => logit(model.trained.rate)

/**
 * Why each row has its score. Parts of the two heads are carried to the log-odds of being won by Aumann-Shapley values (see
 * `slopesBetween`), then through the calibration, whose step for the stage belongs to the stage. With the sign `everything_else` they add up
 * to the row's log-odds less the average, and the points to its percentage points from the average. A sign whose evidence speaks against
 * its direction is not said, but counted in the rest.
 */
export function signsOf(model: WinsModel, candidate: Candidate, table: Table, odds: Float64Array): Sign[][] {
  const size = model.edges.length
  const [ends, wins] = [headParts(candidate.ends!, table, model.edges), headParts(candidate.wins!, table, model.edges)]
  const steps = stageSteps(candidate.calibration, table)
  const sources = new Map(
    model.features.map((info, k): [string, Source] => [
      info.name,
      { info, evidence: model.evidence[k]!, column: columnOf(table, info.name) },
    ]),
  )
  const names = [...new Set([...ends.parts.keys(), ...wins.parts.keys()])].filter((name) => name !== NO_FEATURE && sources.has(name)).sort()
  const families = [...Map.groupBy(names, familyOf).values()]
  const average = averageOf(model)
  const from = { ends: ends.base, wins: wins.base }
  return Array.from(odds, (score, row) => {
    const slopes = slopesBetween(from, { ends: at(ends, row, size), wins: at(wins, row, size) })
    const contribution = (name: string): number => {
      let sum = name === STAGE ? steps[row]! / Math.max(1e-9, candidate.calibration.slope) : 0
      for (let k = 0; k < size; k++) {
        sum += slopes.ends[k]! * (ends.parts.get(name)?.[k]![row] ?? 0) + slopes.wins[k]! * (wins.parts.get(name)?.[k]![row] ?? 0)
      }
      return sum * candidate.calibration.slope
    }
    const total = score - average
    const rise = (sigmoid(score) - model.trained.rate) * 100
    const pointsOf = Math.abs(total) > 1e-9 ? rise / total : model.trained.rate * (1 - model.trained.rate) * 100
    const said = families
      .map((members) =>
        spoken(
          members.map((name) => ({ source: sources.get(name)!, part: contribution(name) })),
          row,
        ),
      )
      .filter(({ part }) => Math.abs(part * pointsOf) >= LEAST_POINTS)
      .map(({ source, part }) => signAt(source, row, part, part * pointsOf, model.trained.rate))
      .filter((sign) => sign.evidence === null || sign.evidence.rate > sign.evidence.average === sign.contribution > 0)
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || (a.feature < b.feature ? -1 : 1))
      .slice(0, MOST)
    const left = said.reduce((rest, sign) => ({ contribution: rest.contribution - sign.contribution, points: rest.points - sign.points }), {
      contribution: total,
      points: rise,
    })
    return [...said, restSign(left.contribution, left.points)]
  })
}

/** The log-odds of one row, one an interval. */
function at({ base, parts }: HeadParts, row: number, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, k) => {
    let sum = base[k]!
    for (const part of parts.values()) sum += part[k]![row]!
    return sum
  })
}

/** Members of a family are summed; of those that are known the one that moves it most in its direction speaks for it. */
function spoken(members: readonly { source: Source; part: number }[], row: number): { source: Source; part: number } {
  const part = members.reduce((sum, member) => sum + member.part, 0)
  const direction = Math.sign(part)
  const known = members.filter(({ source }) => valueAt(source.column, row) !== null)
  const speakers = known.length > 0 ? known : members
  return { source: speakers.reduce((a, b) => (b.part * direction > a.part * direction ? b : a)).source, part }
}

function signAt({ info, column, evidence }: Source, row: number, contribution: number, points: number, average: number): Sign {
  const value = valueAt(column, row)
  const seen = evidenceAt(evidence, column, row)
  return {
    feature: info.name,
    text: value === null ? `${info.label}: not known` : sayFeature(info, value),
    value,
    contribution,
    points,
    evidence: seen && { rate: seen.rate, average, n: seen.n },
    sourceFields: info.sourceFields,
    restricted: info.restricted,
  }
}

function valueAt(column: Column | undefined, row: number): number | string | null {
  if (!column) return null
  if (column.type === 'category') return column.codes[row]! < 0 ? null : column.levels[column.codes[row]!]!
  return Number.isNaN(column.values[row]!) ? null : column.values[row]!
}

const restSign = (contribution: number, points: number): Sign => ({
  feature: REST_SIGN,
  text: 'everything else',
  value: null,
  contribution,
  points,
  evidence: null,
  sourceFields: [],
  restricted: false,
})
