import type { Offer, PanelView } from '@assay/panel-model'

/**
 * What a person can read of a view with everything folded, from top to bottom, without the summary for screen readers.
 * `answering`: what stands below an offer to answer it.
 */
export function wordsIn(view: PanelView, answering: (offer: Offer) => readonly string[]): readonly string[] {
  const { notice, action, facts, score, trend, history, reasons, offers, details } = view
  const noticeWords = notice === null ? [] : [notice.title, notice.text]
  return [
    ...(facts === null ? noticeWords : []),
    ...(action === null ? [] : [action.heading, action.text]),
    ...(facts === null ? [] : [facts.heading, ...facts.items.map((fact) => fact.text)]),
    ...(facts === null ? [] : noticeWords),
    ...(score === null ? [] : [score.heading, score.text, score.band]),
    ...(trend === null ? [] : [trend.arrow, trend.text]),
    ...(score === null ? [] : [`${score.meaning}.`, score.direction]),
    ...(history === null ? [] : [history.summary]),
    ...(reasons === null ? [] : [reasons.heading]),
    ...(reasons?.items ?? []).flatMap((one) => [one.text, one.arrow, one.effect, one.restricted]),
    ...(reasons === null ? [] : [reasons.note]),
    ...(offers === null ? [] : [offers.heading]),
    ...(offers?.items ?? []).flatMap((offer) => [offer.name, offer.code, offer.why, ...answering(offer)]),
    ...(details === null ? [] : [details.heading, ...details.items.flatMap((item) => [item.label, item.text])]),
    view.footer,
    view.about === '' ? '' : score === null ? view.about : 'About this score',
  ]
}

/** Without any white space: where lines break is the look's business. */
export const squeezed = (text: string): string => text.replace(/\s/g, '')
