import { AssayError } from '@assay/shared'
import express, { type NextFunction, type Request, type Response, type Router } from 'express'
import type { App } from '../app.ts'
import { type Answered, type GivenAnswer, givenAnswer, keepAnswer } from './answer.ts'
import type { Meant } from './panel-data.ts'

const FORBIDDEN = 'This link is for reading only, or over. Get a new one where you got this one.'
const BROKEN = 'Assay cannot keep answers right now. Try again in a minute.'
const OUT_OF_DATE = 'The page is out of date. Load it again.'
const BUSY = 'Too many answers wait for this CRM right now. Try again in a minute.'
/** What these may say to somebody outside; what else goes wrong is for the log. */
const SPOKEN: ReadonlySet<string> = new Set(['rejected', 'offline', 'limit'])

type InOrder = (connection: string, work: () => Promise<Answered>) => Promise<Answered>

/**
 * Takes answers to offers from the panel page. Who sends one must have the link, a link that allows it, and the key that only a
 * page of this origin could read over that link; the body is JSON, which a form of another page cannot send.
 */
export function answerRouter(app: App): Router {
  const router = express.Router()
  const inOrder = oneAfterTheOther()
  router.post(
    '/panel/:token/answer',
    express.json({ limit: '4kb' }),
    (request: Request, response: Response) => take(app, inOrder, request, response),
    (_error: unknown, _request: Request, response: Response, _next: NextFunction) => void response.status(400).json({ text: OUT_OF_DATE }),
  )
  return router
}

async function take(app: App, inOrder: InOrder, request: Request, response: Response): Promise<void> {
  response.set('Cache-Control', 'no-store')
  const say = (status: number, text: string): void => void response.status(status).json({ text })
  try {
    const token = String(request.params['token'])
    const link = await app.control.links.verify(token, app.now())
    const ours = !isFromElsewhere(request) && (await app.control.links.isAnswerKey(token, request.get('x-assay-answer') ?? ''))
    if (link === null || !link.answers || !ours) return say(403, FORBIDDEN)
    const given = request.is('application/json') ? givenAnswer.safeParse(request.body) : null
    if (!given?.success) return say(400, OUT_OF_DATE)
    const answered = await inOrder(link.connection, () => keepAnswer(app, link satisfies Meant, given.data satisfies GivenAnswer))
    return answered.outcome === 'changed' ? say(409, '') : say(200, answered.text)
  } catch (error) {
    app.log.warn(`answer: ${error instanceof Error ? error.message : String(error)}`)
    if (error instanceof AssayError && SPOKEN.has(error.kind)) say(error.kind === 'rejected' ? 422 : 503, error.message)
    else say(503, BROKEN)
  }
}

/** Browsers name the origin that a request comes from, and no page can change what they say. */
function isFromElsewhere(request: Request): boolean {
  const site = request.get('sec-fetch-site')
  return site !== undefined && site !== 'same-origin'
}

/** So many answers may wait for one CRM at once: each of them is somebody who waits as well. */
const MOST_WAITING = 20

/**
 * Two presses of a hurried person must not overtake each other, nor sign in to the CRM side by side. One slow CRM does not hold up the
 * others. Rejects (`limit`) where too many wait.
 */
function oneAfterTheOther(): InOrder {
  const queues = new Map<string, { last: Promise<unknown>; waiting: number }>()
  return async (connection, work) => {
    const queue = queues.get(connection) ?? { last: Promise.resolve(), waiting: 0 }
    if (queue.waiting >= MOST_WAITING) throw new AssayError('limit', BUSY)
    queues.set(connection, queue)
    queue.waiting += 1
    const next = queue.last.then(work, work)
    queue.last = next.catch(() => undefined)
    try {
      return await next
    } finally {
      queue.waiting -= 1
      if (queue.waiting === 0) queues.delete(connection)
    }
  }
}
