import { LINK_OVER_PAGE, PAGE_SCRIPT, PAGE_STYLE, PANEL_PAGE, panelHeaders, UNAVAILABLE_PAGE } from '@assay/panel'
import express, { type NextFunction, type Request, type Response, type Router } from 'express'
import type { App } from '../app.ts'
import { answerRouter } from './panel-answer.ts'
import { panelData } from './panel-data.ts'

export interface PanelOptions {
  /** Origins that may show the page inside theirs ("https://app.hubspot.com"); none when left out. */
  readonly frameAncestors?: readonly string[]
}

type Link = NonNullable<Awaited<ReturnType<App['control']['links']['verify']>>>

const LINK_OVER = { title: 'This link is over', text: 'Get a new one where you got this one, or ask the person who runs Assay for it.' }
const UNAVAILABLE = {
  title: 'Assay cannot answer right now',
  text: 'Its database does not answer. Nothing is lost: try again in a minute, and if it stays like this tell the person who runs Assay.',
}

/** The stand-alone panel: a page for one record behind a signed short-lived link, the published fields it draws, and the answers that people give. */
export function panelRouter(app: App, options: PanelOptions = {}): Router {
  const router = express.Router()
  const security = panelHeaders(options.frameAncestors ?? [])
  router.use(['/panel', '/panel-assets'], (_request, response, next) => {
    response.set(security)
    next()
  })
  router.get(
    '/panel-assets/page.js',
    (_request, response) => void response.set('Cache-Control', 'no-cache').type('text/javascript').send(PAGE_SCRIPT),
  )
  router.get(
    '/panel-assets/page.css',
    (_request, response) => void response.set('Cache-Control', 'no-cache').type('text/css').send(PAGE_STYLE),
  )

  router.get('/panel/:token', (request, response) =>
    answer(app, request, response, {
      open: async () => void response.type('html').send(PANEL_PAGE),
      over: () => void response.status(403).type('html').send(LINK_OVER_PAGE),
      broken: () => void response.status(503).type('html').send(UNAVAILABLE_PAGE),
    }),
  )
  router.get('/panel/:token/data', (request, response) =>
    answer(app, request, response, {
      open: async (link) =>
        void response.json({
          ...(await panelData(app, link)),
          answerKey: link.answers ? await app.control.links.answerKey(tokenOf(request)) : null,
        }),
      over: () => void response.status(403).json(LINK_OVER),
      broken: () => void response.status(503).json(UNAVAILABLE),
    }),
  )
  router.use(answerRouter(app))
  // A token that cannot even be decoded; express would print where in the code that was noticed.
  router.use('/panel', (_error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    response.set('Cache-Control', 'no-store').status(403).type('html').send(LINK_OVER_PAGE)
  })
  return router
}

const tokenOf = (request: Request): string => String(request.params['token'])

/** Looks the link up; what goes wrong is logged here and told without detail. */
async function answer(
  app: App,
  request: Request,
  response: Response,
  say: { open(link: Link): Promise<void>; over(): void; broken(): void },
): Promise<void> {
  response.set('Cache-Control', 'no-store')
  try {
    const link = await app.control.links.verify(tokenOf(request), app.now())
    if (link === null) say.over()
    else await say.open(link)
  } catch (error) {
    app.log.warn(`panel: ${error instanceof Error ? error.message : String(error)}`)
    say.broken()
  }
}
