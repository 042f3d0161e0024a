import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Debian's own Python: the one that python3-sklearn and python3-xgboost install into. */
const PYTHON = '/usr/bin/python3'

/** What a peer answered, or why there is none. */
export type PeerAnswer<T> = { readonly answer: T; readonly absent: null } | { readonly answer: null; readonly absent: string }

/** Runs a script with one JSON argument; it prints one line of JSON. `modules` are what it imports. */
export async function askPeer<T>(script: string, modules: readonly string[], request: object): Promise<PeerAnswer<T>> {
  const probe = await run(['-c', modules.map((name) => `import ${name}`).join('; ')])
  if (probe.code !== 0) return { answer: null, absent: `${PYTHON} cannot import ${modules.join(' and ')}` }
  const { code, out, error } = await run([script, JSON.stringify(request)])
  if (code !== 0) throw new Error(`the peer ended (${code}): ${error}`)
  return { answer: JSON.parse(out) as T, absent: null }
}

async function run(args: readonly string[]): Promise<{ code: number; out: string; error: string }> {
  const child = spawn(PYTHON, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let error = ''
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()))
  child.stderr.on('data', (piece: Buffer) => (error += piece.toString()))
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return { code: code ?? 1, out, error }
  } catch (reason) {
    return { code: 1, out, error: String(reason) }
  }
}
