import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { SLOW } from './openers.ts'

const WRITER = fileURLToPath(new URL('writer.ts', import.meta.url))

/** Lets the writer go on until some appends are acknowledged, kills it, and tells what it said last and first. */
async function killedAfter(dataDirectory: string, appends: number): Promise<{ start: number; kept: number }> {
  const child = spawn(process.execPath, [WRITER, dataDirectory], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  let start = -1
  let kept = 0
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, count] = line.split(' ')
    if (word === 'start') start = kept = Number(count)
    else kept = Number(count)
    if (word === 'kept' && ++seen === appends) child.kill('SIGKILL')
  }
  await exit
  return { start, kept }
}

it('loses no acknowledged row when the process is killed in the middle of an insert', { timeout: SLOW }, async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'assay-killed-'))
  try {
    let acknowledged = 0
    for (const appends of [3, 7, 5]) {
      const { start, kept } = await killedAfter(dataDirectory, appends)
      expect(start).toBeGreaterThanOrEqual(acknowledged)
      expect(kept).toBeGreaterThan(start)
      acknowledged = kept
    }
    const store = await openStore({ dataDirectory, database: 'killed' })
    const rows = await store.driver.rows<{ number: number }>(
      "SELECT DISTINCT toUInt64(substring(id, 2)) AS number FROM account_version WHERE connection = 'c' AND number < {count:UInt64} ORDER BY number",
      { count: acknowledged },
    )
    expect(rows.map((row) => row.number)).toEqual(Array.from({ length: acknowledged }, (_, index) => index))
    await store.close()
  } finally {
    await rm(dataDirectory, { recursive: true, force: true })
  }
})
