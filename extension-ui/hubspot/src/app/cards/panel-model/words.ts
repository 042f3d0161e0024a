// Made by `npm run build -w @assay/panel` from extension-ui/panel-model: change that.
const DAY = 86_400_000

/** Dates and numbers as the viewer writes them; an unknown locale falls back to English. Days are UTC days. */
export interface Words {
  day(instant: number): string
  amount(value: number): string
  /** "today", "yesterday", "12 days ago". */
  ago(instant: number): string
}

export function wordsOf(locale: string | undefined, now: number): Words {
  const tag = usable(locale)
  const date = new Intl.DateTimeFormat(tag, { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' })
  const amount = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 })
  return {
    day: (instant) => date.format(instant),
    amount: (value) => amount.format(value),
    ago(instant) {
      const days = Math.floor(now / DAY) - Math.floor(instant / DAY)
      if (days <= 0) return 'today'
      return days === 1 ? 'yesterday' : `${days} days ago`
    },
  }
}

function usable(locale: string | undefined): string {
  try {
    return locale === undefined ? 'en' : (Intl.getCanonicalLocales(locale)[0] ?? 'en')
  } catch {
    return 'en'
  }
}
