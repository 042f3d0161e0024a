import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'

export interface Child {
  readonly pid: number
  /** The next line that the child prints, as JSON. Throws when it ends before. */
  next<T>(): Promise<T>
  ask<T>(word: string): Promise<T>
  /** SIGKILL: nothing in the child gets to run any more. Resolves when it is gone. */
  kill(): Promise<void>
}

/** Starts a TypeScript file beside the tests as a process of its own. */
export function startChild(file: string, args: readonly string[]): Child {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async <T>(): Promise<T> => {
    const line = await lines.next()
    if (line.done === true) throw new Error(`${file} ended without an answer`)
    return JSON.parse(line.value) as T
  }
  return {
    pid: child.pid!,
    next,
    ask: (word) => {
      child.stdin.write(`${word}\n`)
      return next()
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
