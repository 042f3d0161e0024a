import { buildPanel, hiddenCustomer, noCustomer, notLoaded, outOfReach, type PanelView, scoresOf } from '../../panel-model/src/index.ts'
import { letAnswer } from '../../panel/src/answering.ts'
import { type AssayPanel, newPanel } from '../../panel/src/element.ts'
import { make } from '../../panel/src/make.ts'
import { keeper, mayAnswer } from './answer.ts'
import { panelFields } from './fields.ts'
import { followScheme, HEARD, schemeOf } from './look.ts'
import type { App, Context, View } from './sidecar.ts'
import { CALLED, type Found, whose } from './whose.ts'

// The dashlet as Sidecar's view calls it: `open` once, `load` whenever Sugar wants fresh data, `draw` after each rendering, `close`.

/** Sections stand below the dashlet's own heading. */
const HEADING_LEVEL = 4
const CUSTOMER = 'account'
const STALE_AFTER_DAYS = 10

export interface Dashlet {
  load(done: () => void): void
  draw(): void
  close(): void
}

/** Shows the customer of the record that is open; nothing on a record that is not saved yet. */
export function open(app: App, view: View): Dashlet {
  const record = recordOf(view.context)
  // Stands there all the time: only what changes in it is spoken.
  const status = make('p', { role: 'status' })
  const content = make('div', {})
  let asked = 0
  let stopFollowing = (): void => {}

  const panelOf = (): AssayPanel => {
    const panel = newPanel()
    const scheme = schemeOf(document.body)
    if (scheme !== null) panel.setAttribute('scheme', scheme)
    return panel
  }
  const say = (text: string): void => {
    Object.assign(status.style, HEARD)
    status.textContent = text
  }
  const show = (found: Found): void => {
    const panel = panelOf()
    const from = found.found === 'customer' && found.from !== null ? make('p', { dir: 'auto' }, scoresOf(CUSTOMER, found.from)) : ''
    const again = found.found === 'failed' ? make('button', { type: 'button', class: 'btn' }, 'Try again') : ''
    if (again !== '') again.addEventListener('click', () => load(() => {}))
    const drawn = viewOf(app, view, record?.module ?? '', found, panel)
    panel.view = drawn
    content.replaceChildren(...[from, panel, again].filter((part) => part !== ''))
    say(drawn.summary)
  }
  const load = (done: () => void): void => {
    if (record === null) return done()
    const mine = ++asked
    if (content.childElementCount === 0) {
      status.removeAttribute('style')
      status.textContent = 'Loading …'
    }
    void whose(app, record.module, record.id).then((found) => {
      // The person may have gone on, or have asked once more.
      if (view.disposed !== true && mine === asked) show(found)
      done()
    })
  }
  return {
    load,
    draw() {
      const place = view.el.querySelector('[data-assay]')
      if (place === null) return
      place.replaceChildren(content, status)
      stopFollowing()
      stopFollowing = followScheme(content)
    },
    close() {
      asked++
      stopFollowing()
    },
  }
}

function viewOf(app: App, view: View, module: string, found: Found, panel: AssayPanel): PanelView {
  const record = CALLED[module] ?? 'record'
  if (found.found === 'no account') return noCustomer(record, CUSTOMER, HEADING_LEVEL)
  if (found.found === 'hidden account') return hiddenCustomer(record, CUSTOMER, HEADING_LEVEL)
  if (found.found === 'out of reach') return outOfReach(HEADING_LEVEL)
  if (found.found === 'failed') return notLoaded('SugarCRM', found.why, HEADING_LEVEL)
  const fields = panelFields(found.bean)
  const days = Number(view.settings.get('stale_after_days'))
  const options = {
    now: Date.now(),
    locale: app.lang.getLanguage().replace('_', '-'),
    staleAfterDays: days > 0 ? days : STALE_AFTER_DAYS,
    headingLevel: HEADING_LEVEL,
  }
  if (mayAnswer(app, found))
    letAnswer(
      panel,
      fields,
      options,
      keeper(app, found, () => new Date()),
    )
  return buildPanel(fields, options)
}

/** The record of the page: a dashlet's own context may be that of the dashboard around it. */
function recordOf(context: Context): { readonly module: string; readonly id: string } | null {
  for (let at: Context | null | undefined = context; at; at = at.parent) {
    const module = at.get('module')
    const model = at.get('model') as { get(name: string): unknown } | undefined
    const id = model?.get('id')
    if (typeof module === 'string' && module in CALLED && typeof id === 'string' && id !== '') return { module, id }
  }
  return null
}
