import { type Answering, answersTo, type Offer, type PanelView, pressed } from '@assay/panel-model'
import { type AnswerBlock, answerBlock } from './answer-block.ts'
import { draw } from './draw.ts'
import { field } from './make.ts'
import { PANEL_STYLE } from './panel-style.ts'

/** What somebody pressed. */
export interface Press {
  readonly offer: Offer
  /** Null takes the answer back. */
  readonly value: string | null
}

/**
 * `<assay-panel>`: draws its `view` and nothing else. The root is open, so that accessibility checkers see inside. With
 * `answer` set before the view, offers have buttons; `show` then says what became of one.
 */
// The platform knows custom elements as classes only.
export class AssayPanel extends HTMLElement {
  /** Called when a button is pressed; without it there are none. */
  answer: ((press: Press) => void) | null = null
  readonly #root: ShadowRoot
  #view: PanelView | null = null
  #blocks: Map<string, { offer: Offer; readonly block: AnswerBlock }> = new Map()

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
    this.#blocks = new Map()
    this.#root.replaceChildren(...(view === null ? [] : draw(view, (offer) => this.#beside(offer))))
  }

  /** What stands as answer to this offer now, and where the last press of it stands. */
  show(offer: Offer, now: Answering): void {
    const found = this.#blocks.get(offer.key)
    if (found === undefined) return
    found.offer = offer
    found.block.show(answersTo(offer, now))
  }

  #beside(offer: Offer): HTMLElement | null {
    if (this.answer === null) return offer.response === '' ? null : field('p', offer.response, { class: 'small' })
    const block = answerBlock(answersTo(offer, undefined), (value) => {
      const found = this.#blocks.get(offer.key)
      if (found) this.answer?.({ offer: found.offer, value: pressed(found.offer, value) })
    })
    this.#blocks.set(offer.key, { offer, block })
    return block.element
  }
}

/** A panel to be put somewhere. Made by its name: the page may hold another copy of this script, which was there first. */
export function newPanel(): AssayPanel {
  if (customElements.get('assay-panel') === undefined) customElements.define('assay-panel', AssayPanel)
  return document.createElement('assay-panel') as AssayPanel
}
