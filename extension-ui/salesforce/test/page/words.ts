import type { PanelView } from '../../../panel-model/src/index.ts'
import { wordsIn } from '../../../panel/test/words.ts'

const ANSWERS: readonly (readonly [value: string, label: string])[] = [
  ['Accepted', 'Accept'],
  ['Not now', 'Not now'],
  ['Not relevant', 'Not relevant'],
]

/** What a person can read of the component, the summary first. `buttons`: whether offers can be answered. */
export const wordsOf = (view: PanelView, buttons: boolean): readonly string[] => [
  view.summary,
  ...wordsIn(view, (offer) => [
    ...(buttons ? ANSWERS.flatMap(([value, label]) => [offer.response === `Answer: ${value}` ? '✓' : '', label]) : []),
    offer.response,
  ]),
]
