import type { Driver } from './store.ts'

/** The same driver, which asks nothing more once it was told to stop. What tidies up (`everywhere`) still goes through. */
export const stoppable = (driver: Driver, signal: AbortSignal): Driver => ({
  ...driver,
  async command(sql, params) {
    signal.throwIfAborted()
    await driver.command(sql, params)
  },
  async rows(sql, params) {
    signal.throwIfAborted()
    return driver.rows(sql, params)
  },
  async *blocks(sql, params) {
    signal.throwIfAborted()
    for await (const block of driver.blocks(sql, params)) {
      yield block
      signal.throwIfAborted()
    }
  },
})
