import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import { AssayError, type Connector } from '@assay/shared'
import { host, unlimited } from '../app.ts'
import type { Terminal } from './terminal.ts'

/** So long (ms) somebody may take to consent. */
const PATIENCE = 10 * 60_000

/**
 * Asks a person to consent on a page of the CRM, and gives the settings to connect with. Until the browser comes back an address of this
 * machine listens, for that one visit. Throws (`config`) where that CRM has no such sign-in, rejects with `auth` when somebody says no.
 */
export async function consented(
  connector: Connector,
  app: Readonly<Record<string, unknown>>,
  terminal: Pick<Terminal, 'log'>,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const { consent, title } = connector
  if (consent === undefined)
    throw new AssayError('config', `${title} is not signed in to in a browser.`, {
      hint: 'Leave out --browser; assay connect --help says how.',
    })
  const state = randomBytes(32).toString('base64url')
  const page = consent.page(app, state)
  const code = await visit({
    redirect: new URL(consent.redirect),
    state,
    title,
    signal,
    ready: () => terminal.log.info(`Open this page and consent:\n${page}`),
  })
  return consent.settings(app, code, host(unlimited, { ...terminal.log }, Date.now, signal))
}

interface Visit {
  readonly redirect: URL
  readonly state: string
  readonly title: string
  readonly signal: AbortSignal
  readonly ready: () => void
}

/** The code that the one right visit brings; all others are sent away and change nothing. */
function visit({ redirect, state, title, signal, ready }: Visit): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', redirect)
      if (request.method !== 'GET' || pathname !== redirect.pathname) return say(response, 404, 'Nothing is here.')
      if (!same(searchParams.get('state') ?? '', state))
        return say(response, 400, 'This sign-in was not begun here. Begin again with assay connect.')
      const code = searchParams.get('code')
      if (code === null) {
        say(response, 200, 'Nothing was connected. You may close this window.')
        return end(() => reject(refused(title, searchParams.get('error'))))
      }
      say(response, 200, 'Signed in. You may close this window and look at the terminal.')
      end(() => resolve(code))
    })
    const end = (settle: () => void): void => {
      clearTimeout(late)
      signal.removeEventListener('abort', stop)
      server.close(settle)
      server.closeIdleConnections()
    }
    const stop = (): void => end(() => reject(signal.reason as Error))
    const late = setTimeout(
      () =>
        end(() =>
          reject(
            new AssayError('auth', `Nobody came back from ${title} within ${PATIENCE / 60_000} minutes.`, {
              hint: 'Begin again with assay connect.',
            }),
          ),
        ),
      PATIENCE,
    )
    signal.addEventListener('abort', stop, { once: true })
    server.once('error', (cause: NodeJS.ErrnoException) =>
      end(() =>
        reject(
          new AssayError('config', `Nobody can come back to ${redirect.host}: ${cause.code ?? cause.message}.`, {
            cause,
            hint: 'End what listens there, and begin again.',
          }),
        ),
      ),
    )
    server.listen(Number(redirect.port), '127.0.0.1', ready)
    if (signal.aborted) stop()
  })
}

const refused = (title: string, error: string | null): AssayError =>
  new AssayError(
    'auth',
    `${title} was not connected: ${error === 'access_denied' ? 'somebody said no on its page' : (error ?? 'it sent no code')}.`,
    {
      hint: 'Begin again with assay connect.',
    },
  )

function same(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function say(response: ServerResponse, status: number, text: string): void {
  // The address holds the code: it goes to nobody else.
  response
    .writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'Content-Security-Policy': "default-src 'none'",
      Connection: 'close',
    })
    .end(`${text}\n`)
}
