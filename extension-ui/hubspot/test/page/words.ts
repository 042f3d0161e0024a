import type { PanelView } from '../../../panel-model/src/index.ts'

/** What a person can read of a view with everything folded, from top to bottom. `own`: the answers stand in the record that is open. */
export function wordsOf(view: PanelView, own: boolean): readonly string[] {
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
    ...(offers?.items ?? []).flatMap((offer) => [
      offer.name,
      offer.code,
      offer.why,
      `Offer ${offer.rank} response`,
      own ? offer.response : '',
    ]),
    ...(details === null ? [] : [details.heading, ...details.items.flatMap((item) => [item.label, item.text])]),
    view.footer,
    view.about === '' ? '' : score === null ? view.about : 'About this score',
  ]
}

/** Without any white space: where lines break is the look's business. */
export const squeezed = (text: string): string => text.replace(/\s/g, '')
