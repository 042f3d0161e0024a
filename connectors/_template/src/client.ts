import { AssayError, type Host } from '@assay/shared'
import type { Settings } from './settings.ts'

export interface Client {
  /** The JSON answer. Rejects with an AssayError whose kind decides what happens next. */
  get(path: string): Promise<unknown>
}

const TRIES = 5

/** The only file that knows addresses, sign-in, limits and retries. */
export const openClient = ({ baseUrl, token }: Settings, host: Host): Client => {
  const once = async (path: string): Promise<Response> => {
    await host.quota.take(1)
    return host.fetch(baseUrl + path, { headers: { authorization: `Bearer ${token}` }, signal: host.signal })
  }
  const judged = async (path: string): Promise<{ body: unknown } | { error: AssayError; waitMs: number | null }> => {
    let response: Response
    try {
      response = await once(path)
    } catch (error) {
      if (error instanceof AssayError || host.signal.aborted) throw error
      return { error: new AssayError('offline', `No connection for ${path}.`), waitMs: null }
    }
    if (response.status === 401) throw new AssayError('auth', 'The sign-in ended.', { hint: 'Sign in again.' })
    if (response.status === 403) throw new AssayError('config', `No right to ask for ${path}.`, { hint: 'Name the right here.' })
    if (response.status === 429) {
      const waitMs = Number(response.headers.get('retry-after') ?? 1) * 1000
      return { error: new AssayError('limit', 'Too many calls.', { retryAfterMs: waitMs }), waitMs }
    }
    if (response.status >= 500) return { error: new AssayError('offline', `Answer ${response.status} to ${path}.`), waitMs: null }
    if (!response.ok) throw new AssayError('rejected', `Answer ${response.status} to ${path}.`)
    try {
      return { body: await response.json() }
    } catch {
      return { error: new AssayError('data', `The answer to ${path} is no JSON.`), waitMs: null }
    }
  }
  return {
    async get(path) {
      for (let tries = 1; ; tries += 1) {
        const answer = await judged(path)
        if ('body' in answer) return answer.body
        if (tries >= TRIES) throw answer.error
        host.log.debug('trying again', { path, why: answer.error.message })
        await host.sleep(answer.waitMs ?? 1000 * 2 ** (tries - 1))
      }
    },
  }
}
