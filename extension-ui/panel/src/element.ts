import type { PanelView } from '@assay/panel-model'
import { draw } from './draw.ts'
import { PANEL_STYLE } from './panel-style.ts'

/** `<assay-panel>`: draws its `view` and nothing else. The root is open, so that accessibility checkers see inside. */
// The platform knows custom elements as classes only.
export class AssayPanel extends HTMLElement {
  readonly #root: ShadowRoot
  #view: PanelView | null = null

  constructor() {
    super()
    this.#root = this.attachShadow({ mode: 'open' })
    // A <style> element would be stopped by the page's security policy.
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(PANEL_STYLE)
    this.#root.adoptedStyleSheets = [sheet]
  }

  get view(): PanelView | null {
    return this.#view
  }

  set view(view: PanelView | null) {
    this.#view = view
    this.#root.replaceChildren(...(view === null ? [] : draw(view)))
  }
}

export function definePanel(): void {
  if (customElements.get('assay-panel') === undefined) customElements.define('assay-panel', AssayPanel)
}
