import { buildPanel, errorPanel, type PanelFields, type PanelView, scoresOf, textOf } from '@assay/panel-model'
import { type Kept, letAnswer } from './answering.ts'
import { newPanel, type Press } from './element.ts'
import { make } from './make.ts'

/** What `/panel/<token>/data` answers. */
interface PanelData {
  readonly fields: PanelFields
  readonly name: string | null
  /** Whose scores these are where the record has none of its own. */
  readonly from: { readonly object: string; readonly name: string | null } | null
  readonly staleAfterDays: number
  /** Goes along with every answer to an offer; null where this link is for reading only. */
  readonly answerKey: string | null
}

interface Page {
  readonly content: HTMLElement
  /** Stands in the page all the time: only what changes in it is spoken. */
  readonly status: HTMLElement
}

/** Fetches what the same link stands for, and draws it. */
async function open(page: Page): Promise<void> {
  page.status.className = 'status'
  page.status.textContent = 'Loading …'
  page.content.replaceChildren(make('h1', {}, 'Assay'))
  try {
    const response = await fetch(own('data'), {
      headers: { accept: 'application/json' },
      cache: 'no-store',
    })
    const body: unknown = await response.json()
    if (response.ok) show(page, body as PanelData)
    else fail(page, response.status !== 403, body as { title: string; text: string })
  } catch {
    fail(page, true, { title: 'Assay does not answer', text: 'It may be restarting, or you may be off-line. Nothing is lost.' })
  }
}

function show(page: Page, data: PanelData): void {
  const name = textOf(data.name) || 'Unnamed record'
  document.title = `${name} – Assay`
  const options = { now: Date.now(), locale: navigator.language, staleAfterDays: data.staleAfterDays }
  const view = buildPanel(data.fields, options)
  const from = data.from === null ? '' : make('p', { class: 'from', dir: 'auto' }, scoresOf(data.from.object, data.from.name))
  const { answerKey: key } = data
  const drawn = newPanel()
  if (key !== null) letAnswer(drawn, data.fields, options, (press) => keep(press, key))
  drawn.view = view
  page.content.replaceChildren(make('h1', { dir: 'auto' }, name), from, drawn)
  announce(page, view)
}

const own = (what: string): string => `${location.pathname.replace(/\/+$/, '')}/${what}`
/** "2026-11-22", as the person who answers counts days. */
const today = (now: Date): string =>
  [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-')

/** Sends an answer over the same link. The key proves that the page asks that the link was opened by. */
async function keep({ offer, value }: Press, key: string): Promise<Kept> {
  try {
    const response = await fetch(own('answer'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-assay-answer': key },
      body: JSON.stringify({ rank: Number(offer.rank), offer: offer.code || offer.name, value, day: today(new Date()) }),
      cache: 'no-store',
    })
    const body = (await response.json()) as { readonly text?: string }
    if (response.ok) return { kept: true, text: textOf(body.text) }
    return response.status === 409 ? { kept: 'changed' } : { kept: false, why: textOf(body.text) }
  } catch {
    return { kept: false, why: '' }
  }
}

function fail(page: Page, again: boolean, { title, text }: { readonly title: string; readonly text: string }): void {
  const view = errorPanel(title, text)
  const said = newPanel()
  said.view = view
  const retry = make('button', { type: 'button' }, 'Try again')
  retry.addEventListener('click', () => void open(page))
  page.content.replaceChildren(make('h1', {}, 'Assay'), said, again ? retry : '')
  announce(page, view)
}

/** A screen reader says the essence once the page has it. */
function announce({ status }: Page, view: PanelView): void {
  status.className = 'heard'
  status.textContent = view.summary
}

const main = document.querySelector('main')
if (main) {
  const page = { content: make('div'), status: make('p', { role: 'status', class: 'status' }) }
  main.replaceChildren(page.content, page.status)
  void open(page)
}
