import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpus, totalmem } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { together, NOTHING } from '../scale/meter.ts'
import { ROLES, type Done, type Task } from './roles.ts'

const STAND_IN = fileURLToPath(new URL('main.ts', import.meta.resolve('@assay/crm-salesforce')))
const READER = fileURLToPath(new URL('./reader.ts', import.meta.url))

interface Line extends Done {
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly recordsPerSecond: number
  /** Against the connector: how many times as many records in a second of wall clock, and of CPU. */
  readonly timesWall: number
  readonly timesCpu: number
}

/**
 * `npm run bench -- sync-salesforce [--contacts 1000000] [--page-rows 50000] [--json]`: a first sync of that many contacts by Bulk API
 * 2.0 from the stand-in in a process of its own, beside csv-parse alone on the same bytes and the bytes thrown away.
 */
export async function syncSalesforce(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      contacts: { type: 'string', default: '1000000' },
      'page-rows': { type: 'string', default: '50000' },
      json: { type: 'boolean', default: false },
    },
  })
  const contacts = Number(values.contacts)
  const pageRows = Number(values['page-rows'])
  for (const [name, value] of [['contacts', contacts] as const, ['page-rows', pageRows] as const])
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} takes a whole number`)
  const say = (text: string): void => void (values.json ? process.stderr : process.stdout).write(`${text}\n`)
  say(`${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB; the stand-in is a second process on them`)
  const standIn = spawn(
    process.execPath,
    [STAND_IN, '--contacts', String(contacts), '--page-rows', String(pageRows), '--calls', '1000000'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = once(standIn, 'exit')
  try {
    const first = await createInterface(standIn.stdout)[Symbol.asyncIterator]().next()
    if (first.done === true) throw new Error('the stand-in ended')
    const { url, token } = JSON.parse(first.value) as { url: string; token: string }
    say(`\n${contacts.toLocaleString('en')} contacts by Bulk API 2.0\n${HEAD}`)
    const done: Done[] = []
    for (const role of ROLES) done.push(await read({ role, url, token, contacts }))
    const lines = compared(done)
    for (const line of lines) say(lineText(line))
    say(`\n${flatText(lines[0])}`)
    if (values.json) process.stdout.write(`${JSON.stringify({ cores: cpus().length, contacts, pageRows, readers: lines }, null, 2)}\n`)
  } finally {
    standIn.kill('SIGTERM')
    await ended
  }
}

async function read(task: Task): Promise<Done> {
  const child = spawn(process.execPath, [READER, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let text = ''
  for await (const piece of child.stdout) text += String(piece)
  const [code] = (await ended) as [number]
  if (code !== 0) throw new Error(`the reader "${task.role}" ended (${code})`)
  const done = JSON.parse(text) as Done
  if (done.records !== task.contacts) throw new Error(`"${task.role}" read ${done.records} of ${task.contacts} records`)
  return done
}

function compared(all: readonly Done[]): Line[] {
  const costs = all.map(({ tenths }) => tenths.reduce(together, NOTHING))
  const own = costs[0] ?? NOTHING
  return all.map((done, at) => {
    const { wallSeconds, cpuSeconds } = costs[at] ?? NOTHING
    const [timesWall, timesCpu] = [own.wallSeconds / wallSeconds, own.cpuSeconds / cpuSeconds]
    return { ...done, wallSeconds, cpuSeconds, recordsPerSecond: done.records / wallSeconds, timesWall, timesCpu }
  })
}

const HEAD = `${'reader'.padEnd(12)}${'records/s'.padStart(11)}${'wall s'.padStart(9)}${'CPU s'.padStart(9)}${'MB read'.padStart(9)}${'pages'.padStart(7)}${'peak MB'.padStart(9)}${'faster than the connector'.padStart(38)}`

function lineText({ role, recordsPerSecond, wallSeconds, cpuSeconds, bytes, pages, tenths, timesWall, timesCpu }: Line): string {
  const peak = Math.max(...tenths.map(({ peakBytes }) => peakBytes))
  const times = role === 'connector' ? '' : `${timesWall.toFixed(2)} times by the clock, ${timesCpu.toFixed(2)} by CPU`
  return [
    role.padEnd(12),
    Math.round(recordsPerSecond).toLocaleString('en').padStart(11),
    wallSeconds.toFixed(1).padStart(9),
    cpuSeconds.toFixed(1).padStart(9),
    String(Math.round(bytes / 1e6)).padStart(9),
    String(pages).padStart(7),
    String(Math.round(peak / 1e6)).padStart(9),
    times.padStart(38),
  ].join('')
}

/** The peak in each tenth: flat, where reading on costs no memory. */
function flatText(line: Line | undefined): string {
  const peaks = (line?.tenths ?? []).map(({ peakBytes }) => Math.round(peakBytes / 1e6))
  const how = line?.memory === 'sampled' ? ' (sampled: short peaks are missed)' : ''
  return `peak MB of the connector in each tenth of the records${how}: ${peaks.join(' ')}`
}
