import type { PanelView } from '../../../panel-model/src/index.ts'
import { wordsIn } from '../../../panel/test/words.ts'

/** What a person can read on the card. `own`: the answers stand in the record that is open. */
export const wordsOf = (view: PanelView, own: boolean): readonly string[] =>
  wordsIn(view, (offer) => [`Offer ${offer.rank} response`, own ? offer.response : ''])
