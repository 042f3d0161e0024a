import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The stand-in for HubSpot as a process of its own, with a clock that can be moved on. */
export interface StandIn {
  readonly url: string
  readonly token: string
  /** How far its clock is ahead of this machine's (ms). */
  readonly ahead: number
  /** Days go by and something happens to that share of the accounts; gives the new `ahead`. */
  change(share: number, days: number): Promise<number>
  /** CPU seconds that it used so far; null where the system does not tell. */
  cpuSeconds(): number | null
  close(): Promise<void>
}

const MAIN = fileURLToPath(new URL('main.ts', import.meta.resolve('@assay/crm-hubspot')))
const TICKS_PER_SECOND = 100

export async function startStandIn(accounts: number, seed: number): Promise<StandIn> {
  const args = [MAIN, '--plain', '--accounts', String(accounts), '--seed', String(seed), '--limits', 'off', '--control']
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const said = async <T>(): Promise<T> => {
    const line = await lines.next()
    if (line.done === true) throw new Error('the stand-in ended')
    return JSON.parse(line.value) as T
  }
  const first = await said<{ url: string; token: string; ahead: number }>()
  return {
    ...first,
    async change(share, days) {
      child.stdin.write(`${JSON.stringify({ change: { share, days, seed: seed + 1 } })}\n`)
      return (await said<{ ahead: number }>()).ahead
    },
    cpuSeconds() {
      try {
        // User and system ticks are the 14th and 15th word of proc(5) stat; the second one, in brackets, may hold spaces.
        const words = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ')
        return (Number(words[11]) + Number(words[12])) / TICKS_PER_SECOND
      } catch {
        return null
      }
    },
    async close() {
      child.kill('SIGTERM')
      await exit
    },
  }
}
