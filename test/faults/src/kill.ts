import { setTimeout as sleep } from 'node:timers/promises'
import type { Ended, Running } from './command.ts'
import type { Company } from './company.ts'
import { between } from './random.ts'

/** When to kill: so long after so many requests of the CRM were answered, or lines of progress were said. */
interface Moment {
  readonly after: 'requests' | 'lines'
  readonly count: number
  readonly ms: number
}

export interface Kill {
  readonly step: string
  readonly moment: Moment
  readonly seconds: number
  /** How far it had come: the last line it said, and what it had asked the CRM. */
  readonly progress: string
}

/** What an unkilled run of the same step needed: where moments are drawn from. */
interface Extent {
  readonly requests: number
  readonly lines: number
}

const POLL_MS = 2
/** What a killed process had asked may still be answered so much later; it must not be taken for the next one's. */
const SETTLE_MS = 600

/** Runs a step without killing it, and measures where kills may fall. */
async function unkilled(company: Company, words: readonly string[]): Promise<Extent> {
  const before = company.crm.requests.total
  const ended = await company.run(...words)
  mustEndWell(words, ended)
  return { requests: company.crm.requests.total - before, lines: ended.stderr.split('\n').length - 1 }
}

/** Starts a step and kills it at that moment. Null when it had ended before. */
async function killedAt(company: Company, words: readonly string[], moment: Moment): Promise<Kill | null> {
  await sleep(SETTLE_MS)
  const before = company.crm.requests.total
  const running = company.start(...words)
  const began = performance.now()
  const life = { over: false, lines: 0 }
  const ended = running.ended.finally(() => (life.over = true))
  running.onLine((_, count) => (life.lines = count))
  const reached = (): boolean => (moment.after === 'requests' ? company.crm.requests.total - before : life.lines) >= moment.count
  while (!life.over && !reached()) await sleep(POLL_MS)
  if (!life.over) await sleep(moment.ms)
  running.kill('SIGKILL')
  const { signal, code } = await ended
  if (signal !== 'SIGKILL') {
    if (code !== 0) mustEndWell(words, await ended)
    return null
  }
  return {
    step: words[0]!,
    moment,
    seconds: (performance.now() - began) / 1000,
    progress: progressOf(running, company.crm.requests.total - before),
  }
}

interface Killing {
  readonly words: readonly string[]
  readonly kills: number
  readonly random: () => number
  /** Lets the killed and the unkilled company come to where the step has something to do; called again when kills are left. */
  readonly prepare: (round: number) => Promise<void>
  readonly after: Moment['after']
  /** The longest wait behind the request or line. */
  readonly ms: number
  /** Kills before the step may end, in one round. */
  readonly perRound: number
  /** Whether a killed step goes on where it stopped, or begins again. */
  readonly resumes: boolean
}

/** Kills a step again and again at seeded moments, lets it end, and has the unkilled company do the same. */
export async function killing(victim: Company, control: Company, given: Killing): Promise<readonly Kill[]> {
  const kills: Kill[] = []
  for (let round = 0; kills.length < given.kills; round++) {
    if (round > given.kills)
      throw new Error(`${given.words.join(' ')} ends before it can be killed: ${kills.length} of ${given.kills} kills in ${round} rounds`)
    await given.prepare(round)
    const extent = await unkilled(control, given.words)
    for (let i = 0; i < given.perRound && kills.length < given.kills; i++) {
      const most = Math.max(1, given.after === 'requests' ? extent.requests - 1 : extent.lines)
      // Where a step goes on, early moments leave something for the next kill.
      const latest = given.resumes ? Math.max(1, Math.ceil((2 * most) / (given.perRound + 1))) : most
      const count = between(given.random, 1, latest)
      const kill = await killedAt(victim, given.words, {
        after: given.after,
        count: Math.min(count, most),
        ms: Math.round(given.random() * given.ms),
      })
      victim.clock.now += 60_000
      if (kill === null) break
      kills.push(kill)
      process.stdout.write(`${said(kill)}\n`)
    }
    const ended = await victim.run(...given.words)
    mustEndWell(given.words, ended)
    control.clock.now = victim.clock.now
  }
  return kills
}

const said = ({ step, moment, seconds, progress }: Kill): string =>
  `  killed ${step.padEnd(7)} ${String(moment.ms).padStart(4)} ms after ${moment.after === 'requests' ? 'request' : 'line'} ${String(moment.count).padStart(3)}, ${seconds.toFixed(1).padStart(5)} s: ${progress}`

const progressOf = (running: Running, requests: number): string =>
  `"${running.stderr().trim().split('\n').at(-1) ?? ''}", ${requests} requests answered`

export function mustEndWell(words: readonly string[], ended: Ended): void {
  if (ended.code !== 0)
    throw new Error(`assay ${words.join(' ')} ended with ${ended.code ?? ended.signal}:\n${ended.stdout}\n${ended.stderr}`)
}
