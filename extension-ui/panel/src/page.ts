import { buildPanel, errorPanel, type PanelFields, type PanelView, textOf } from '@assay/panel-model'
import { AssayPanel, definePanel } from './element.ts'
import { make } from './make.ts'

/** What `/panel/<token>/data` answers. */
interface PanelData {
  readonly fields: PanelFields
  readonly name: string | null
  /** Whose scores these are where the record has none of its own. */
  readonly from: { readonly object: string; readonly name: string | null } | null
  readonly staleAfterDays: number
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
    const response = await fetch(`${location.pathname.replace(/\/+$/, '')}/data`, {
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
  const view = buildPanel(data.fields, { now: Date.now(), locale: navigator.language, staleAfterDays: data.staleAfterDays })
  const from =
    data.from === null
      ? ''
      : make('p', { class: 'from', dir: 'auto' }, `Scores of the ${data.from.object} ${textOf(data.from.name)}`.trim())
  page.content.replaceChildren(make('h1', { dir: 'auto' }, name), from, panel(view))
  announce(page, view)
}

function fail(page: Page, again: boolean, said: { readonly title: string; readonly text: string }): void {
  const view = errorPanel(said.title, said.text)
  const retry = make('button', { type: 'button' }, 'Try again')
  retry.addEventListener('click', () => void open(page))
  page.content.replaceChildren(make('h1', {}, 'Assay'), panel(view), again ? retry : '')
  announce(page, view)
}

/** A screen reader says the essence once the page has it. */
function announce({ status }: Page, view: PanelView): void {
  status.className = 'heard'
  status.textContent = view.summary
}

function panel(view: PanelView): AssayPanel {
  const element = new AssayPanel()
  element.view = view
  return element
}

definePanel()
const main = document.querySelector('main')
if (main) {
  const page = { content: make('div'), status: make('p', { role: 'status', class: 'status' }) }
  main.replaceChildren(page.content, page.status)
  void open(page)
}
