import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { AssayError } from '@assay/shared'

const EXAMPLES: Readonly<Record<string, string>> = {
  '--setting': 'For example: --setting baseUrl=https://api.hubapi.com',
  '--set': 'For example: --set bands.high=70',
}

export interface GivenSettings {
  readonly tokenFile?: string
  readonly settingsFile?: string
  /** NAME=VALUE; `oauth.clientId=…` is a member of `oauth`. */
  readonly setting?: readonly string[]
}

/** All settings of a connection, wherever they were said. Secrets belong into a file: words of a command are seen by every process. */
export async function settingsOf(given: GivenSettings, option = '--setting'): Promise<Record<string, unknown>> {
  const settings = given.settingsFile === undefined ? {} : await readJson(given.settingsFile)
  for (const one of given.setting ?? []) put(settings, one, option)
  if (given.tokenFile !== undefined) settings['token'] = (await readSecret(given.tokenFile)).trim()
  return settings
}

const readSecret = (file: string): Promise<string> =>
  file === '-'
    ? readAll(process.stdin)
    : readFile(file, 'utf8').catch(() => {
        throw new AssayError('config', `The file ${file} cannot be read.`, { hint: 'Name a file that you may read, or - for stdin.' })
      })

/** A JSON object in a file, or from stdin (`-`). Throws (`config`) without a word of what stands in it: it may be a secret. */
export async function readJson(file: string): Promise<Record<string, unknown>> {
  const text = await readSecret(file)
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Told below.
  }
  throw new AssayError('config', `The file ${file} holds no JSON object.`, { hint: 'Look whether it is the right file, and whole.' })
}

function put(settings: Record<string, unknown>, one: string, option: string): void {
  const at = one.indexOf('=')
  if (at < 1) throw new AssayError('config', `${option} takes NAME=VALUE.`, { hint: EXAMPLES[option] })
  const names = one.slice(0, at).split('.')
  const last = names.pop()!
  let inside = settings
  for (const name of names) {
    const member = inside[name]
    inside = inside[name] = typeof member === 'object' && member !== null ? { ...member } : {}
  }
  inside[last] = one.slice(at + 1)
}
