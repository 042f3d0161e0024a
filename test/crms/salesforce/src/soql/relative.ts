const DAY = 86_400_000

/** The days [from, to) that a relative date such as LAST_N_DAYS:7 names, as epoch ms of UTC midnights; null for an unknown word. */
export function relativeDays(word: string, now: number): { readonly from: number; readonly to: number } | null {
  const today = Math.floor(now / DAY) * DAY
  const date = new Date(today)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  const [name = '', count = '0'] = word.split(':')
  const n = Number(count)
  const months = (first: number, many: number): { from: number; to: number } => ({
    from: Date.UTC(year, first, 1),
    to: Date.UTC(year, first + many, 1),
  })
  const monday = today - ((date.getUTCDay() + 6) % 7) * DAY
  const quarter = Math.floor(month / 3) * 3
  switch (name) {
    case 'TODAY':
      return { from: today, to: today + DAY }
    case 'YESTERDAY':
      return { from: today - DAY, to: today }
    case 'TOMORROW':
      return { from: today + DAY, to: today + 2 * DAY }
    case 'LAST_N_DAYS':
      return { from: today - n * DAY, to: today + DAY }
    case 'NEXT_N_DAYS':
      return { from: today + DAY, to: today + (n + 1) * DAY }
    case 'LAST_WEEK':
      return { from: monday - 7 * DAY, to: monday }
    case 'THIS_WEEK':
      return { from: monday, to: monday + 7 * DAY }
    case 'LAST_MONTH':
      return months(month - 1, 1)
    case 'THIS_MONTH':
      return months(month, 1)
    case 'THIS_QUARTER':
      return months(quarter, 3)
    case 'LAST_QUARTER':
      return months(quarter - 3, 3)
    case 'LAST_90_DAYS':
      return { from: today - 90 * DAY, to: today + DAY }
    case 'THIS_YEAR':
      return months(0, 12)
    case 'LAST_YEAR':
      return months(-12, 12)
    default:
      return null
  }
}
