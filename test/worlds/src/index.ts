export * from './world.ts'
export { b2bWorld } from './b2b.ts'
export type { WorldOptions } from './settings.ts'
