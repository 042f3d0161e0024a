import { customerHistory, minerSuite } from '@assay/conformance'
import { churn, response } from '../../src/miners/churn/index.ts'
import { seededRng } from '../../src/numeric/rng.ts'

const { training, later, enough } = customerHistory(seededRng('conformance'))
const common = { later, enough, rng: seededRng, predicts: true, matters: 'contentment' } as const

minerSuite({ ...common, miner: churn, training, ranges: { churn_risk: [1, 99] } })

// The same engine on a flat table: no days, an outcome column, folds.
const flat = { ...training, definition: { ...training.definition, from: 'column', horizonDays: null }, order: 'none' } as const
minerSuite({ ...common, miner: response, training: flat, ranges: {} })
