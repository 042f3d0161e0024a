import {
  type Answering,
  buildPanel,
  CHANGED_MEANWHILE,
  notSaved,
  type Offer,
  type PanelFields,
  type PanelOptions,
} from '@assay/panel-model'
import type { AssayPanel, Press } from './element.ts'

/** What became of an answer that was to be kept. */
export type Kept =
  | { readonly kept: true; readonly text: string }
  | { readonly kept: false; readonly why: string }
  | { readonly kept: 'changed' }

/**
 * Lets people answer the offers of this panel. What is pressed is shown at once, kept one after the other by `keep` (which never
 * rejects), and taken back with the reason when it was not kept. Set the panel's view after this.
 */
export function letAnswer(panel: AssayPanel, fields: PanelFields, options: PanelOptions, keep: (press: Press) => Promise<Kept>): void {
  const standing: Record<string, string | null> = {}
  const latest = new Map<string, Press>()
  let queue = Promise.resolve()
  const offerAt = (offer: Offer, answer: string | null): Offer => {
    const view = buildPanel({ ...fields, [`offer_${offer.rank}_response`]: answer }, options)
    return view.offers?.items.find((one) => one.key === offer.key) ?? offer
  }
  const show = (offer: Offer, answer: string | null, now: Answering): void => panel.show(offerAt(offer, answer), now)
  panel.answer = (press) => {
    const { offer, value } = press
    if (!(offer.key in standing)) standing[offer.key] = String(fields[`offer_${offer.rank}_response` as keyof PanelFields] ?? '')
    latest.set(offer.key, press)
    show(offer, value, { phase: 'saving', value, text: '' })
    queue = queue.then(async () => {
      const outcome = await keep(press)
      if (outcome.kept === true) standing[offer.key] = value
      // Somebody who has pressed again is waiting for that answer.
      if (latest.get(offer.key) !== press) return
      if (outcome.kept === true) show(offer, value, { phase: 'saved', value, text: outcome.text })
      else {
        const text = outcome.kept === 'changed' ? CHANGED_MEANWHILE : notSaved(outcome.why)
        show(offer, standing[offer.key] ?? null, { phase: 'refused', value, text })
      }
    })
  }
}
