// @ts-check

/** @typedef {import('c/assayPanelModel').Answering} Answering */

/**
 * What becomes of the answers when the record was read again. One that is in it was kept; one that is not was changed by
 * somebody else since.
 * @param {Readonly<Record<string, Answering>>} answering by rank of the offer
 * @param {(rank: string) => string} stands the answer in the record
 * @returns {Readonly<Record<string, Answering>>}
 */
export const settled = (answering, stands) =>
  Object.fromEntries(
    Object.entries(answering).flatMap(([rank, one]) => {
      if (one.phase !== 'saved' && one.phase !== 'kept') return [[rank, one]]
      return stands(rank) === (one.value ?? '') ? [[rank, { ...one, phase: 'kept' }]] : []
    }),
  )

/**
 * What Salesforce has to store: who answered when is the day of the person, in their own time zone.
 * @param {{ readonly id: string, readonly answer: string, readonly day: string | null, readonly value: string | null, readonly now: number, readonly timeZone: string }} given
 */
export function answerRecord({ id, answer, day, value, now, timeZone }) {
  const fields = { Id: id, [answer]: value }
  return { fields: day === null ? fields : { ...fields, [day]: value === null ? null : dayIn(timeZone, now) } }
}

/** "2026-11-22". */
function dayIn(/** @type {string} */ timeZone, /** @type {number} */ now) {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(now)
  const part = (/** @type {string} */ type) => parts.find((one) => one.type === type)?.value
  return `${part('year')}-${part('month')}-${part('day')}`
}
