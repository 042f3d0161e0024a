// @ts-check
import { answersTo } from 'c/assayPanelModel'

/** @typedef {import('c/assayPanelModel').Answering} Answering */

const BADGES = { good: 'slds-theme_success', caution: 'slds-theme_warning', bad: 'slds-theme_error', neutral: '' }

/**
 * A view as a template can print it, which knows no expressions: every class and flag stands ready.
 * @param {import('c/assayPanelModel').PanelView} view
 * @param {{ readonly from: string, readonly again: boolean, readonly choices: 'open' | 'closed' | 'unknown', readonly answering: Readonly<Record<string, Answering>> }} more
 */
export function drawing(view, more) {
  const notice = view.notice && { ...view.notice, class: `notice ${view.notice.tone}`, again: more.again }
  return {
    summary: view.summary,
    from: more.from,
    // Below the gate the facts are what helps; why there is no number comes after them.
    noticeFirst: view.facts === null ? notice : null,
    noticeLast: view.facts === null ? null : notice,
    action: view.action,
    score: view.score && {
      ...view.score,
      badge: BADGES[view.score.tone],
      meaning: `${view.score.meaning}.`,
    },
    trend: view.trend && { ...view.trend, class: `trend ${view.trend.tone}` },
    history: view.history,
    facts: view.facts,
    reasons: view.reasons && {
      ...view.reasons,
      some: view.reasons.items.length > 0,
      items: view.reasons.items.map((one, i) => ({
        ...one,
        class: i === 0 ? 'what first' : 'what',
        effectClass: `effect ${one.direction}`,
      })),
    },
    offers: view.offers && { ...view.offers, items: view.offers.items.map((offer) => drawnOffer(offer, more)) },
    details: view.details,
    // Without a score the note says why there is none: too important to fold away.
    about: view.score === null ? '' : view.about,
    plainAbout: view.score === null ? view.about : '',
    footer: view.footer,
    last: view.footer !== '' || view.about !== '',
  }
}

/**
 * @param {import('c/assayPanelModel').Offer} offer
 * @param {Parameters<typeof drawing>[1]} more
 */
function drawnOffer(offer, { choices, answering }) {
  const said = answersTo(offer, answering[offer.rank])
  return {
    ...offer,
    ...said,
    unknown: choices === 'unknown',
    choices:
      choices === 'open'
        ? said.choices.map((choice) => ({
            ...choice,
            rank: offer.rank,
            chosen: choice.pressed,
            pressed: String(choice.pressed),
            class: `slds-button slds-button_${choice.pressed ? 'brand' : 'neutral'} answer`,
          }))
        : null,
  }
}
