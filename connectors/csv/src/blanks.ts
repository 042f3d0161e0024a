const SENTINELS = new Set(['?', 'na', 'n/a', '#n/a', 'null', '(null)', 'none', 'nil', 'nan', '-', '--', '\\n'])
const NUMBER_SENTINELS = new Set(['unknown', 'unbekannt', 'not available', 'missing', '.', '#div/0!', '#value!', '#ref!'])
const DATE_SENTINELS = new Set(['0000-00-00', '0000-00-00 00:00:00', '00/00/0000', 'unknown', 'never'])
/** What programs write where no day is known: the first day that they, Excel or SQL Server can count, or that of Unix. */
const PLACEHOLDER_DAY = /^((0001|1753|1900|1970)-01-01|1899-12-3[01]|0?1[./-]0?1[./-](0001|1753|1900|1970))([T ]0?0:00.*)?$/

const LONGEST = 19
/** Characters with which one of the words above begins: most values are decided by their first. */
const STARTS = new Set(
  [...SENTINELS, ...NUMBER_SENTINELS, ...DATE_SENTINELS].flatMap((word) => [word.charCodeAt(0), word.toUpperCase().charCodeAt(0)]),
)

/** True when a trimmed value stands for "not said": a token such as `?` or `NA`. Blank text is no sentinel, it is blank. */
export function isSentinel(value: string, type: 'text' | 'number' | 'date'): boolean {
  if (type === 'date' && PLACEHOLDER_DAY.test(value)) return true
  if (value.length > LONGEST || !STARTS.has(value.charCodeAt(0))) return false
  const word = value.toLowerCase()
  if (SENTINELS.has(word)) return true
  if (type === 'number') return NUMBER_SENTINELS.has(word)
  return type === 'date' && DATE_SENTINELS.has(word)
}
