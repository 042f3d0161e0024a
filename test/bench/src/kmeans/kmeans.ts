import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Parallel } from '@assay/shared'
import { openParallel } from '../../../../sidecar/src/flow/mine/parallel.ts'
import { lloyd } from '../../../../sidecar/src/numeric/k-means.ts'
import { seededRng } from '../../../../sidecar/src/numeric/rng.ts'
import { type Spent, timed, times } from '../peer/clock.ts'
import { askPeer } from '../peer/peer.ts'

const PEER = fileURLToPath(new URL('./peer.py', import.meta.url))

interface Line {
  readonly name: string
  readonly spent: Spent
  readonly rounds: number
  readonly inertia: number
}

/**
 * `npm run bench -- kmeans [--rows 1000000] [--columns 8] [--clusters 8] [--rounds 20] [--threads N] [--json]`: so many rounds of
 * Lloyd from the same centres, ours beside scikit-learn, each on N threads (all cores), on points in clusters that touch and on
 * points that lie so near each other that there are hardly any.
 */
export async function kmeans(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '1000000' },
      columns: { type: 'string', default: '8' },
      clusters: { type: 'string', default: '8' },
      rounds: { type: 'string', default: '20' },
      threads: { type: 'string', default: String(cpus().length) },
      json: { type: 'boolean', default: false },
    },
  })
  const task = {
    rows: Number(values.rows),
    width: Number(values.columns),
    clusters: Number(values.clusters),
    rounds: Number(values.rounds),
    threads: Number(values.threads),
  }
  if (Object.values(task).some((value) => !Number.isInteger(value) || value < 1))
    throw new Error('rows, columns, clusters, rounds and threads are whole numbers')
  const say = (text: string): void => void (values.json ? process.stderr : process.stdout).write(`${text}\n`)
  say(
    `${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}; ${task.rows.toLocaleString('en')} x ${task.width}, k = ${task.clusters}; ${task.threads} threads each`,
  )
  const all = []
  const parallel = openParallel(task.threads)
  for (const spread of [3, 0]) {
    const points = pointsOf(task, spread)
    const own = ours(points, task, parallel)
    const peer = await askThem(points, task)
    const kind = spread > 0 ? 'points in clusters' : 'points without clusters'
    say(`\n${kind}\n${HEAD}\n${lineText(own)}`)
    if (peer.absent !== null) say(`no peer to compare with: ${peer.absent}`)
    else say(`${lineText(peer.answer)}   assay takes ${againstText(own, peer.answer)}`)
    all.push({ kind, assay: own, peer: peer.answer, absent: peer.absent })
  }
  await parallel.close()
  if (values.json) process.stdout.write(`${JSON.stringify({ cores: cpus().length, load: loadavg()[0], ...task, worlds: all }, null, 2)}\n`)
}

type Task = Readonly<Record<'rows' | 'width' | 'clusters' | 'rounds' | 'threads', number>>

/** The centres to start from, then the points. */
function pointsOf({ rows, width, clusters }: Task, spread: number): Float64Array {
  const rng = seededRng('kmeans bench')
  const middles = Float64Array.from({ length: clusters * width }, () => spread * rng.next())
  const points = new Float64Array((rows + clusters) * width)
  for (let i = 0; i < rows + clusters; i++) {
    const own = rng.below(clusters)
    for (let j = 0; j < width; j++) points[i * width + j] = middles[own * width + j]! + rng.next() + rng.next() + rng.next()
  }
  return points
}

function ours(points: Float64Array, { width, clusters, rounds, threads }: Task, parallel: Parallel): Line {
  const start = points.slice(0, clusters * width)
  const values = points.slice(clusters * width)
  const { result, spent } = timed(() => lloyd({ values, width }, start, rounds, parallel))
  return { name: `assay, ${threads} threads`, spent, rounds, inertia: result.inertia }
}

async function askThem(points: Float64Array, task: Task): ReturnType<typeof askPeer<Line>> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-kmeans-'))
  try {
    const file = join(folder, 'points.f64')
    await writeFile(file, new Uint8Array(points.buffer))
    return await askPeer<Line>(PEER, ['sklearn'], { ...task, file })
  } finally {
    await rm(folder, { recursive: true })
  }
}

const HEAD = `${''.padEnd(28)}${'wall s'.padStart(8)}${'CPU s'.padStart(8)}${'rounds'.padStart(8)}${'s a round'.padStart(11)}${'inertia'.padStart(16)}`

const lineText = ({ name, spent, rounds, inertia }: Line): string =>
  [
    name.padEnd(28),
    spent.wall.toFixed(2).padStart(8),
    spent.cpu.toFixed(2).padStart(8),
    String(rounds).padStart(8),
    (spent.wall / rounds).toFixed(3).padStart(11),
    inertia.toFixed(1).padStart(16),
  ].join('')

const againstText = (own: Line, peer: Line): string =>
  `${times(own.spent.wall, peer.spent.wall)} as long (CPU ${times(own.spent.cpu, peer.spent.cpu)}), inertia ${times(own.inertia, peer.inertia)}`
