import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NOTHING, together } from './meter.ts'
import { startStandIn, type StandIn } from './stand-in.ts'
import type { Answer, Line, Measured, Order, StepName } from './steps.ts'

const SIDECAR = fileURLToPath(new URL('./sidecar.ts', import.meta.url))
/** What the command starts with. */
const MEMORY = JSON.parse(readFileSync(new URL('../../../../sidecar/bin/memory.json', import.meta.url), 'utf8')) as Record<string, string>
const FIRST_RUN: readonly StepName[] = ['connect', 'sync', 'define', 'mine', 'fields', 'publish first', 'publish', 'alerts']
const LATER: readonly StepName[] = ['sync', 'mine', 'publish', 'alerts']
const CHANGED = { share: 0.01, days: 2 } as const

export interface MeasureOptions {
  readonly seed: number
  /** Where CPU profiles of the sidecar go; null: none are taken. */
  readonly profile: string | null
  readonly tell: (line: Line) => void
}

/** The whole flow once on a company of that size, then its echo, then a 1 % change. Every process it starts has ended when it resolves. */
export async function measure(accounts: number, options: MeasureOptions): Promise<Measured> {
  const home = await mkdtemp(join(tmpdir(), 'assay-bench-'))
  const standIn = await startStandIn(accounts, options.seed)
  try {
    const sidecar = startSidecar(options.profile)
    try {
      return await run(accounts, home, standIn, sidecar, options.tell)
    } finally {
      await sidecar.close()
    }
  } finally {
    await standIn.close()
    await rm(home, { recursive: true, force: true })
  }
}

async function run(accounts: number, home: string, standIn: StandIn, sidecar: Sidecar, tell: (line: Line) => void): Promise<Measured> {
  const { url, token } = standIn
  let { ahead } = standIn
  const opened = await sidecar.obey({ order: 'open', home, url, token, ahead })
  if (opened.answer !== 'opened') throw new Error('the sidecar opened nothing')
  const lines: Line[] = []
  const keep = (line: Line): void => {
    lines.push(line)
    tell(line)
  }
  const steps = async (phase: Line['phase'], names: readonly StepName[]): Promise<void> => {
    for (const step of names) {
      // Warnings need a model that passed its verdict: a small company may have none.
      if (step === 'alerts' && !lines.some((line) => warnsBy(line.said))) continue
      const before = standIn.cpuSeconds()
      const done = await sidecar.obey({ order: 'step', step, ahead })
      if (done.answer !== 'done') throw new Error(`${step} answered ${done.answer}`)
      const after = standIn.cpuSeconds()
      const cost = done.parts.reduce((sum, part) => together(sum, part.cost), NOTHING)
      const standInSeconds = before === null || after === null ? null : after - before
      keep({ phase, name: step, cost, records: recordsOf(step, done.said), standInSeconds, said: done.said })
      if (done.parts.length > 1)
        for (const part of done.parts)
          keep({ phase, name: `  ${part.name}`, cost: part.cost, records: null, standInSeconds: null, said: null })
    }
  }
  await steps('first run', FIRST_RUN)
  await steps('echo', ['sync'])
  ahead = await standIn.change(CHANGED.share, CHANGED.days)
  await steps('after a 1 % change', LATER)
  return { accounts, memory: opened.memory, lines, peakBytes: Math.max(...lines.map((line) => line.cost.peakBytes)) }
}

/** What went through a step, by what its operation says. */
function recordsOf(step: StepName, said: Readonly<Record<string, unknown>>): number | null {
  const number = (name: string): number | null => (typeof said[name] === 'number' ? said[name] : null)
  if (step === 'sync') return Object.values(said['read'] as Record<string, number>).reduce((sum, count) => sum + count, 0)
  if (step === 'mine') {
    const miners = said['miners'] as readonly { scored: number; unscored: number }[]
    return miners.reduce((sum, miner) => sum + miner.scored + miner.unscored, 0)
  }
  if (step === 'publish' || step === 'publish first') return number('written')
  return step === 'alerts' ? number('looked') : null
}

function warnsBy(said: Line['said']): boolean {
  const miners = (said?.['miners'] ?? []) as readonly { miner: string; verdict: string }[]
  return miners.some(({ miner, verdict }) => miner === 'churn' && verdict === 'publish')
}

interface Sidecar {
  obey(order: Order): Promise<Answer>
  close(): Promise<void>
}

function startSidecar(profile: string | null): Sidecar {
  const child = fork(SIDECAR, [], {
    env: { ...MEMORY, ...process.env },
    execArgv: profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exit = once(child, 'exit')
  return {
    async obey(order) {
      child.send(order)
      const ended = exit.then(([code]: unknown[]) => {
        throw new Error(`the sidecar ended (${String(code)})`)
      })
      const [answer] = (await Promise.race([once(child, 'message'), ended])) as [Answer]
      if (answer.answer === 'failed') throw new Error(answer.why)
      return answer
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      if (child.connected) child.disconnect()
      await exit
    },
  }
}
