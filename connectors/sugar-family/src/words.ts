import { PUBLISHED_FIELDS, type ScoreRow } from '@assay/shared'
import { fieldName } from './names.ts'

const OPTIONS: ReadonlyMap<string, readonly string[] | undefined> = new Map(PUBLISHED_FIELDS.map(({ name, options }) => [name, options]))

/** A word of the row that the dropdown does not have, told as such; null where there is none. The CRM takes any, and shows it as nothing. */
export const strangeWord = ({ values }: ScoreRow): string | null => {
  for (const [name, value] of Object.entries(values)) {
    const options = OPTIONS.get(name)
    if (options !== undefined && value !== null && !options.includes(String(value))) return `${fieldName(name)}: its list has no "${value}"`
  }
  return null
}
