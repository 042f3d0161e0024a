/**
 * Days since 1970-01-01 of a text that begins like an ISO 8601 day ("2024-02-29…"), without a clock or a Date; NaN for any other
 * text (Hinnant, howardhinnant.github.io/date_algorithms.html, days_from_civil).
 */
export function dayNumber(text: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text)
  if (match === null) return Number.NaN
  const month = Number(match[2])
  const year = Number(match[1]) - (month <= 2 ? 1 : 0)
  const era = Math.floor(year / 400)
  const yearOfEra = year - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + Number(match[3]) - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}
