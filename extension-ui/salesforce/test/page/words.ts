import type { PanelView } from '../../../panel-model/src/index.ts'

const ANSWERS: readonly (readonly [value: string, label: string])[] = [
  ['Accepted', 'Accept'],
  ['Not now', 'Not now'],
  ['Not relevant', 'Not relevant'],
]

/** What a person can read of a view with everything folded, from top to bottom. `buttons`: whether offers can be answered. */
export function wordsOf(view: PanelView, buttons: boolean): readonly string[] {
  const { notice, action, facts, score, trend, history, reasons, offers, details } = view
  const noticeWords = notice === null ? [] : [notice.title, notice.text]
  return [
    view.summary,
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
      ...(buttons ? ANSWERS.flatMap(([value, label]) => [offer.response === `Answer: ${value}` ? '✓' : '', label]) : []),
      offer.response,
    ]),
    ...(details === null ? [] : [details.heading, ...details.items.flatMap((item) => [item.label, item.text])]),
    view.footer,
    view.about === '' ? '' : score === null ? view.about : 'About this score',
  ]
}

/** Without any white space: where lines break is the look's business. */
export const squeezed = (text: string): string => text.replace(/\s/g, '')
