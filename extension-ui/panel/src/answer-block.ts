import type { AnswerView } from '@assay/panel-model'
import { field, make } from './make.ts'

/** The buttons beside an offer, and what became of pressing them. */
export interface AnswerBlock {
  readonly element: HTMLElement
  /** Changes what is there in place: the focus stays where it is, and a screen reader speaks only what is new. */
  show(said: AnswerView): void
}

export function answerBlock(said: AnswerView, press: (value: string) => void): AnswerBlock {
  const buttons = said.choices.map(({ value, label }) => {
    const mark = make('span', { class: 'arrow', 'aria-hidden': 'true' })
    const button = make('button', { type: 'button' }, mark, label)
    button.addEventListener('click', () => press(value))
    return { value, button, mark }
  })
  const status = field('p', '', { class: 'small', role: 'status' })
  const refused = field('p', '', { class: 'refused', role: 'alert' })
  const group = make('div', { class: 'answers', role: 'group', 'aria-label': said.label }, ...buttons.map(({ button }) => button))
  const block: AnswerBlock = {
    element: make('div', {}, group, status, refused),
    show(now) {
      for (const { value, button, mark } of buttons) {
        const down = now.choices.some((choice) => choice.value === value && choice.pressed)
        button.setAttribute('aria-pressed', String(down))
        mark.textContent = down ? '✓' : ''
        mark.hidden = !down
      }
      // The same words again would be spoken again.
      if (status.textContent !== now.status) status.textContent = now.status
      if (refused.textContent !== now.refused) refused.textContent = now.refused
    },
  }
  block.show(said)
  return block
}
