import type { CategoryColumn, DataFacts, Endings, FeatureInfo, Frame, NumberColumn, Rng, Training } from '@assay/shared'

const DAY = 86_400_000
export const HORIZON = 56
export const DEFINITION = { event: `won within ${HORIZON} days`, from: 'win', horizonDays: HORIZON, who: 'open deals' } as const
const STAGES = ['first talk', 'offer', 'terms'] as const

const info = (name: string, unit: FeatureInfo['unit'], phrase: string): FeatureInfo => ({
  name,
  label: name.replaceAll('_', ' '),
  unit,
  phrase,
  sourceFields: [`deal.${name}`],
  restricted: false,
})

/**
 * Open deals on one day with two hazards a week, of being won and of being lost, that their stage, their interest and the time since they were
 * touched drive. Everybody is followed for `followed` days. The true chance of being won within the horizon is in `truth`.
 */
export function dealsOn(day: number, n: number, rng: Rng, followed = 400): { frame: Frame; truth: Float64Array } {
  const rows = Array.from({ length: n }, (_, k) => {
    const stage = rng.below(3)
    const interest = rng.next()
    const untouched = Math.round(rng.next() * 40)
    const age = 1 + Math.round(90 * rng.next())
    const won = 1 / (1 + Math.exp(4.6 - 0.7 * stage - 3 * interest + 0.02 * untouched))
    const lost = 1 / (1 + Math.exp(2.2 + 1.5 * interest - 0.02 * untouched))
    const weeks = HORIZON / 7
    const stays = 1 - won - lost
    const truth = (won * (1 - stays ** weeks)) / (won + lost)
    let how = 0
    let days = followed
    for (let week = 0; week * 7 < followed && how === 0; week++) {
      const draw = rng.next()
      if (draw >= won + lost) continue
      how = draw < won ? 1 : 2
      days = Math.min(followed, week * 7 + 7 * rng.next())
    }
    return {
      id: `d${day}-${String(k).padStart(5, '0')}`,
      stage,
      interest,
      untouched,
      age,
      truth,
      how,
      days,
      amount: Math.round(100 + 900 * rng.next()),
    }
  })
  const numbers = (about: FeatureInfo, of: (row: (typeof rows)[number]) => number): NumberColumn => ({
    type: 'number',
    info: about,
    values: Float64Array.from(rows, of),
  })
  const stage: CategoryColumn = {
    type: 'category',
    info: info('stage', 'text', 'in the stage {value}'),
    codes: Int32Array.from(rows, (row) => row.stage),
    levels: STAGES,
  }
  const endings: Endings = {
    how: Int8Array.from(rows, (row) => row.how),
    days: Float64Array.from(rows, (row) => row.days),
    value: Float64Array.from(rows, (row) => (row.how === 1 ? row.amount : Number.NaN)),
  }
  const outcome = Float64Array.from(rows, (row) => (followed < HORIZON ? Number.NaN : row.how === 1 && row.days <= HORIZON ? 1 : 0))
  return {
    frame: {
      asOf: day * DAY,
      ids: rows.map((row) => row.id),
      columns: [
        stage,
        numbers(info('interest', 'number', 'interest {value}'), (row) => row.interest),
        numbers(info('days_since_touch', 'days', '{value} since the last activity on it'), (row) => row.untouched),
        numbers(info('age_days', 'days', 'open for {value}'), (row) => row.age),
        numbers(info('amount', 'money', 'amount {value}'), (row) => row.amount),
      ],
      outcome,
      baskets: null,
      next: null,
      endings,
    },
    truth: Float64Array.from(rows, (row) => row.truth),
  }
}

/** Six days to learn from, the last ones not yet followed to the end of the horizon, and two later ones to be judged on. */
export function dealPast(rng: Rng, n = 250): { training: Training; later: Frame[]; enough: DataFacts } {
  const until = 18_168
  const frames = [18_000, 18_028, 18_056, 18_084, 18_112, 18_140].map((day) => dealsOn(day, n, rng.fork(`day ${day}`), until - day).frame)
  return {
    training: { definition: DEFINITION, frames, order: 'time' },
    later: [until, until + HORIZON].map((day) => dealsOn(day, 300, rng.fork(`day ${day}`)).frame),
    enough: {
      customers: 100,
      orders: 400,
      repeaters: 50,
      firstEventAt: 17_000 * DAY,
      lastEventAt: 18_300 * DAY,
      rows: 1000,
      positives: 250,
      periods: 2,
      judgedRows: 600,
      judgedPositives: 150,
      products: 0,
      lineItems: 0,
    },
  }
}
