import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Parallel } from '@assay/shared'
import { openParallel } from '../../../../sidecar/src/flow/mine/parallel.ts'
import { auc } from '../../../../sidecar/src/numeric/auc.ts'
import { fitBoosting } from '../../../../sidecar/src/numeric/boosting/fit.ts'
import { predictBoosting } from '../../../../sidecar/src/numeric/boosting/predict.ts'
import { seededRng } from '../../../../sidecar/src/numeric/rng.ts'
import { explainBoosting } from '../../../../sidecar/src/numeric/shap/explain.ts'
import { type Spent, timed, times } from '../peer/clock.ts'
import { askPeer } from '../peer/peer.ts'
import { boostingWorld, bytesOf, part, type World } from './world.ts'

const PEER = fileURLToPath(new URL('./peer.py', import.meta.url))
const RATE = 0.1

interface Line {
  readonly name: string
  readonly spent: Spent
  readonly auc: number
  readonly explain?: Spent
}

interface Task {
  readonly train: number
  readonly rows: number
  readonly width: number
  readonly rounds: number
  readonly leaves: number
  readonly explain: number
  /** Ours and the peers'; Shapley values are ours on one. */
  readonly threads: number
}

/**
 * `npm run bench -- boosting [--rows 100000] [--columns 40] [--rounds 200] [--leaves 31] [--explain 100000] [--threads N] [--json]`:
 * our boosted trees and their Shapley values (one thread), beside xgboost and scikit-learn, on N threads (all cores) and the same rows.
 */
export async function boosting(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '100000' },
      columns: { type: 'string', default: '40' },
      rounds: { type: 'string', default: '200' },
      leaves: { type: 'string', default: '31' },
      explain: { type: 'string', default: '100000' },
      threads: { type: 'string', default: String(cpus().length) },
      json: { type: 'boolean', default: false },
    },
  })
  const train = Number(values.rows)
  const task: Task = {
    train,
    // A fifth more, later rows, to judge on.
    rows: train + Math.ceil(train / 5),
    width: Number(values.columns),
    rounds: Number(values.rounds),
    leaves: Number(values.leaves),
    explain: Math.min(train, Number(values.explain)),
    threads: Number(values.threads),
  }
  if (Object.values(task).some((value) => !Number.isInteger(value)))
    throw new Error('rows, columns, rounds, leaves, explain and threads are whole numbers')
  const say = (text: string): void => void (values.json ? process.stderr : process.stdout).write(`${text}\n`)
  say(
    `${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}; ${train.toLocaleString('en')} rows x ${task.width}, ${task.rounds} rounds, ${task.leaves} leaves; ${task.threads} threads each`,
  )
  const parallel = openParallel(task.threads)
  const world = boostingWorld(task.rows, task.width)
  const lines = [ours(world, task, parallel)]
  await parallel.close()
  const peers = await askThem(world, task)
  if (peers.absent === null) lines.push(...peers.answer)
  else say(`no peer to compare with: ${peers.absent}`)
  say(HEAD)
  for (const line of lines) say(lineText(line, lines[0]!, task))
  if (values.json)
    process.stdout.write(`${JSON.stringify({ cores: cpus().length, load: loadavg()[0], ...task, lines, absent: peers.absent }, null, 2)}\n`)
}

function ours(world: World, { train, rows, rounds, leaves, explain, threads }: Task, parallel: Parallel): Line {
  const known = part(world, 0, train)
  const later = part(world, train, rows)
  const settings = { rounds, leaves, learningRate: RATE, depth: rows, lambda: 1, minChildWeight: 1, rowShare: 1, columnShare: 1 }
  const fit = timed(() => fitBoosting(known.columns, known.outcome, settings, seededRng('bench'), null, parallel).model)
  const scores = predictBoosting(fit.result, later.columns, rows - train)
  const line = { name: `assay, ${threads} threads`, spent: fit.spent, auc: auc(scores, later.outcome) }
  if (explain === 0) return line
  const explained = part(world, 0, explain)
  return { ...line, explain: timed(() => explainBoosting(fit.result, explained.columns, explain)).spent }
}

async function askThem(world: World, task: Task): ReturnType<typeof askPeer<Line[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-boosting-'))
  try {
    const file = join(folder, 'rows.f64')
    await writeFile(file, bytesOf(world))
    return await askPeer<Line[]>(PEER, ['xgboost', 'sklearn'], { ...task, file, rate: RATE })
  } finally {
    await rm(folder, { recursive: true })
  }
}

const HEAD = `${''.padEnd(36)}${'wall s'.padStart(8)}${'CPU s'.padStart(8)}${'AUC'.padStart(8)}${'Shapley wall s'.padStart(16)}${'CPU s'.padStart(8)}   assay takes`

function lineText(line: Line, own: Line, { explain }: Task): string {
  const { name, spent, auc: area } = line
  const cells = [
    name.padEnd(36),
    spent.wall.toFixed(2).padStart(8),
    spent.cpu.toFixed(2).padStart(8),
    area.toFixed(4).padStart(8),
    (line.explain?.wall.toFixed(2) ?? '').padStart(16),
    (line.explain?.cpu.toFixed(2) ?? '').padStart(8),
  ]
  if (line === own) return cells.join('')
  const notes = [`${times(own.spent.wall, spent.wall)} as long (CPU ${times(own.spent.cpu, spent.cpu)})`]
  if (line.explain && own.explain)
    notes.push(
      `to explain ${explain.toLocaleString('en')} rows ${times(own.explain.wall, line.explain.wall)} (CPU ${times(own.explain.cpu, line.explain.cpu)})`,
    )
  return `${cells.join('')}   ${notes.join('; ')}`
}
