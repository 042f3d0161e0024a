export * from './connector/index.ts'
export * from './miner/index.ts'
