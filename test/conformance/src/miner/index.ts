export type { MinerCase } from './case.ts'
export type { MinerCheck } from './check.ts'
export { customerHistory, customersOn } from './customers.ts'
export { leftOut, minerChecks, minerSuite } from './suite.ts'
