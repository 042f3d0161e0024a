import type { Options } from 'csv-parse'

/** The longest row that is read. A file without line ends would otherwise be held in memory whole. */
const MAX_ROW_CHARACTERS = 1 << 20

export interface Dialect {
  readonly delimiter: string
  readonly quote: string
  /** Data starts after this many lines that are no CSV (Excel's `sep=;`). */
  readonly skipLines: number
  /** Old Macintosh files end lines with a carriage return alone. */
  readonly lineEnds: readonly string[]
}

/** How csv-parse is asked to read: rows as arrays, whatever their length; what is wrong with a row is for us to say. */
export const parserOptions = (dialect: Dialect): Options => ({
  bom: true,
  delimiter: dialect.delimiter,
  quote: dialect.quote,
  escape: dialect.quote,
  record_delimiter: [...dialect.lineEnds],
  from_line: dialect.skipLines + 1,
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  max_record_size: MAX_ROW_CHARACTERS,
})
