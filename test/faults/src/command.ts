import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const COMMAND = fileURLToPath(new URL('../../../sidecar/bin/assay.js', import.meta.url))

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

/** One `assay` process that was started. */
export interface Running {
  readonly pid: number
  /** What it has said so far. */
  stdout(): string
  stderr(): string
  /** Each whole line on stderr, as it comes. */
  onLine(heard: (line: string, count: number) => void): void
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<Ended>
}

export interface CommandOptions {
  readonly home: string
  /** Epoch ms at which the process believes to start; the real clock when left out. */
  readonly now?: number
  readonly environment?: Readonly<Record<string, string>>
  /** What it finds on stdin; nothing when left out. */
  readonly input?: string
}

/** Starts the real command as a person would, with nothing of this process's environment but the PATH. */
export function start(words: readonly string[], options: CommandOptions): Running {
  const began = performance.now()
  const child = spawn(process.execPath, [COMMAND, ...words], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      ASSAY_HOME: options.home,
      ...(options.now === undefined ? {} : { ASSAY_NOW: new Date(options.now).toISOString() }),
      ...options.environment,
    },
  })
  child.stdin.on('error', () => {}).end(options.input ?? '')
  let stdout = ''
  let stderr = ''
  let lines = 0
  const listeners: ((line: string, count: number) => void)[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const before = stderr.slice(stderr.lastIndexOf('\n') + 1)
    stderr += text
    for (const line of (before + text).split('\n').slice(0, -1)) {
      lines++
      for (const heard of listeners) heard(line, lines)
    }
  })
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    onLine: (heard) => void listeners.push(heard),
    kill: (signal) => void child.kill(signal),
    ended: new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr, seconds: (performance.now() - began) / 1000 }))
    }),
  }
}

/** Runs the command to its end. */
export const assay = (words: readonly string[], options: CommandOptions): Promise<Ended> => start(words, options).ended

/** Runs it with `--json` and gives the one document; throws with everything it said when it did not end well. */
export async function answered<T = Record<string, unknown>>(words: readonly string[], options: CommandOptions): Promise<T> {
  const ended = await assay([...words, '--json'], options)
  if (ended.code !== 0)
    throw new Error(`assay ${words.join(' ')} ended with ${ended.code ?? ended.signal}:\n${ended.stdout}${ended.stderr}`)
  return JSON.parse(ended.stdout) as T
}
