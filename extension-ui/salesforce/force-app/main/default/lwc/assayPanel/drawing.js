// @ts-check
import { ANSWERS, SAVED, SAVING, TAKEN_BACK, yourAnswerTo } from './words'

/** @typedef {import('./answering').Answering} Answering */

const BADGES = { good: 'slds-theme_success', caution: 'slds-theme_warning', bad: 'slds-theme_error', neutral: '' }

/**
 * A view as a template can print it, which knows no expressions: every class and flag stands ready.
 * @param {import('c/assayPanelModel').PanelView} view
 * @param {{ readonly from: string, readonly again: boolean, readonly choices: 'open' | 'closed' | 'unknown', readonly answering: Readonly<Record<string, Answering>>, readonly given: (rank: number) => string }} more
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
function drawnOffer(offer, { choices, answering, given }) {
  const rank = Number(offer.rank)
  const now = answering[offer.rank]
  return {
    ...offer,
    unknown: choices === 'unknown',
    label: yourAnswerTo(offer.name),
    choices:
      choices === 'open'
        ? ANSWERS.map(({ value, label }) => {
            const pressed = given(rank) === value
            return {
              value,
              label,
              rank,
              pressed: String(pressed),
              chosen: pressed,
              class: `slds-button slds-button_${pressed ? 'brand' : 'neutral'} answer`,
            }
          })
        : null,
    status: statusOf(now, offer.response),
    refused: now?.phase === 'refused' ? now.text : '',
  }
}

/**
 * @param {Answering | undefined} now
 * @param {string} response
 */
function statusOf(now, response) {
  if (now?.phase === 'saving') return SAVING
  if (now?.phase !== 'saved' && now?.phase !== 'kept') return response
  return response === '' ? TAKEN_BACK : `${response}. ${SAVED}`
}
