import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { SfError } from '@salesforce/core'

/** Where the `assay` command is when nobody says: beside this plugin in a checkout. */
const BESIDE = '../../../../../sidecar/bin/assay.js'

/** How `assay` is started: named by ASSAY_BIN, else the one of this checkout, else the one on the PATH. */
export function assayBin(environment: NodeJS.ProcessEnv = process.env, from: string = import.meta.url): string {
  const named = environment['ASSAY_BIN']
  if (named !== undefined && named !== '') return named
  for (let up = BESIDE; up.startsWith('../'); up = up.slice(3)) {
    const path = fileURLToPath(new URL(up, from))
    if (existsSync(path)) return path
  }
  return 'assay'
}

/** "sync: 300 records", "Note: …". Other lines are for people who see an error there; here it comes as one. */
const SAYS = /^\w+: ./

export interface AssayCall {
  /** What goes to its stdin: secrets, which no process list shows. */
  readonly input?: string
  /** A line of progress or a note, as it comes. */
  readonly line?: (text: string) => void
}
/** Runs one `assay` command and gives its JSON document. Rejects with an SfError that has the command's own words and hint. */
export type Assay = <T>(words: readonly string[], call?: AssayCall) => Promise<T>

interface Failure {
  readonly error: { readonly kind: string; readonly message: string; readonly hint: string | null }
}

export const openAssay =
  (bin: string): Assay =>
  <T>(words: readonly string[], { input, line }: AssayCall = {}) =>
    new Promise<T>((resolve, reject) => {
      const script = /\.[cm]?[jt]s$/.test(bin)
      const child = spawn(script ? process.execPath : bin, [...(script ? [bin] : []), ...words, '--json'], {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: process.env,
      })
      let stdout = ''
      let stderr = ''
      let rest = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text
        const lines = (rest + text).split('\n')
        rest = lines.pop() ?? ''
        for (const one of lines) if (SAYS.test(one)) line?.(one)
      })
      child.on('error', (cause) => reject(notFound(bin, cause)))
      // A command that ends before it has read everything is told by its exit code.
      child.stdin.on('error', () => undefined)
      child.stdin.end(input ?? '')
      child.on('close', (code) => {
        const document = parsed(stdout)
        if (code === 0 && document !== undefined) resolve(document as T)
        else reject(failure(words, code, document, stderr))
      })
    })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const notFound = (bin: string, cause: Error): SfError =>
  new SfError(`The assay command (${bin}) could not be started: ${cause.message}`, 'AssayNotFoundError', [
    'Install Assay on this machine, or set the environment variable ASSAY_BIN to its assay command.',
  ])

function failure(words: readonly string[], code: number | null, document: unknown, stderr: string): SfError {
  const { error } = (document ?? {}) as Partial<Failure>
  const said = error?.message ?? stderr.trim().split('\n').slice(-8).join('\n')
  const exitCode = code === 2 ? 2 : 1
  const name = error === undefined ? 'AssayError' : `Assay${error.kind[0]!.toUpperCase()}${error.kind.slice(1)}Error`
  const made = new SfError(
    said === '' ? `assay ${words.join(' ')} ended without a word (${code ?? 'stopped'}).` : said,
    name,
    error?.hint ? [error.hint] : [],
    exitCode,
  )
  return made
}
