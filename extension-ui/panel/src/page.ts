import { buildPanel, errorPanel, type PanelFields, type PanelView } from '@assay/panel-model'
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

/** Fetches what the same link stands for, and draws it. */
async function open(main: HTMLElement): Promise<void> {
  const status = make('p', { role: 'status', class: 'status' }, 'Loading …')
  main.replaceChildren(make('h1', {}, document.title), status)
  try {
    const response = await fetch(`${location.pathname.replace(/\/+$/, '')}/data`, {
      headers: { accept: 'application/json' },
      cache: 'no-store',
    })
    const body: unknown = await response.json()
    if (response.ok) show(main, body as PanelData)
    else fail(main, response.status !== 403, body as { title: string; text: string })
  } catch {
    fail(main, true, { title: 'Assay does not answer', text: 'It may be restarting, or you may be off-line. Nothing is lost.' })
  }
}

function show(main: HTMLElement, data: PanelData): void {
  const name = data.name ?? 'Unnamed record'
  document.title = `${name} – Assay`
  const view = buildPanel(data.fields, { now: Date.now(), locale: navigator.language, staleAfterDays: data.staleAfterDays })
  const from =
    data.from === null
      ? null
      : make('p', { class: 'from', dir: 'auto' }, `Scores of the ${data.from.object} ${data.from.name ?? ''}`.trim())
  main.replaceChildren(make('h1', { dir: 'auto' }, name), from ?? '', panel(view))
}

function fail(main: HTMLElement, again: boolean, said: { readonly title: string; readonly text: string }): void {
  const retry = make('button', { type: 'button' }, 'Try again')
  retry.addEventListener('click', () => void open(main))
  const alert = make('div', { role: 'alert' }, panel(errorPanel(said.title, said.text)))
  main.replaceChildren(make('h1', {}, 'Assay'), alert, again ? retry : '')
}

function panel(view: PanelView): AssayPanel {
  const element = new AssayPanel()
  element.view = view
  return element
}

definePanel()
const main = document.querySelector('main')
if (main) void open(main)
