import { isUtf8 } from 'node:buffer'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { CsvError } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import iconv from 'iconv-lite'
import { type Dialect, parserOptions } from './parser.ts'

/** Bytes of a file that are looked at before anything is decided about it. */
const SAMPLE_BYTES = 4 << 20
/** A smaller part of it decides the delimiter, because it is parsed once per candidate. */
const DELIMITER_SAMPLE = 64 << 10
const DELIMITERS = [',', ';', '\t', '|'] as const

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** What is known of a file from its beginning. */
export interface TableHead extends Dialect {
  /** The name inside the folder. */
  readonly file: string
  readonly path: string
  readonly compressed: boolean
  readonly bytes: number
  /** Changes when the file does: size and modification instant. */
  readonly stamp: string
  readonly encoding: Encoding
  readonly byteOrderMark: boolean
  readonly header: readonly string[]
  readonly sample: readonly (readonly string[])[]
  /** True when the sample is the whole file. */
  readonly whole: boolean
  /** Rows under the header: exact for a whole sample, else by size. */
  readonly rows: number
  /** Why nothing can be read from it; null when something can. */
  readonly problem: string | null
}

interface Beginning {
  readonly bytes: Buffer
  readonly whole: boolean
  /** How many times larger than the sample the file is. */
  readonly factor: number
  readonly problem: string | null
}

function readStart(path: string, length: number): { start: Buffer; size: number; stamp: string } {
  const descriptor = openSync(path, 'r')
  try {
    const stat = fstatSync(descriptor)
    const start = Buffer.alloc(Math.min(length, stat.size))
    let filled = 0
    while (filled < start.length) {
      const count = readSync(descriptor, start, filled, start.length - filled, filled)
      if (count === 0) break
      filled += count
    }
    return { start: start.subarray(0, filled), size: stat.size, stamp: `${stat.size}.${stat.mtimeMs}` }
  } finally {
    closeSync(descriptor)
  }
}

/** Unpacks the beginning of a gz file, taking less of it when it unpacks to very much. */
function unpack(start: Buffer, size: number): Beginning {
  for (const length of [512 << 10, 32 << 10, 4 << 10]) {
    const part = start.subarray(0, length)
    try {
      const bytes = gunzipSync(part, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 16 * SAMPLE_BYTES })
      return {
        bytes: bytes.subarray(0, SAMPLE_BYTES),
        whole: part.length === size && bytes.length <= SAMPLE_BYTES,
        factor: (size / part.length) * Math.max(1, bytes.length / SAMPLE_BYTES),
        problem: null,
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') continue
      const { message } = error as Error
      const problem = start[0] === 0x1f && start[1] === 0x8b ? `its gzip data are damaged (${message})` : `it is no gzip file (${message})`
      return { bytes: Buffer.alloc(0), whole: true, factor: 1, problem }
    }
  }
  return { bytes: Buffer.alloc(0), whole: true, factor: 1, problem: 'its beginning unpacks to far more than a table would' }
}

/** A multi-byte character cut by the end of the sample is no sign of another encoding. */
function isUtf8Start(bytes: Buffer, whole: boolean): boolean {
  if (isUtf8(bytes)) return true
  return !whole && [1, 2, 3].some((cut) => isUtf8(bytes.subarray(0, bytes.length - cut)))
}

function encodingOf(bytes: Buffer, whole: boolean): { encoding: Encoding; byteOrderMark: boolean } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', byteOrderMark: true }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', byteOrderMark: true }
  // Without a mark: of a header, which is mostly ASCII, every other byte is 0.
  if (bytes.length >= 4 && bytes[0] !== 0 && bytes[1] === 0 && bytes[2] !== 0 && bytes[3] === 0) {
    return { encoding: 'utf-16le', byteOrderMark: false }
  }
  if (bytes.length >= 4 && bytes[0] === 0 && bytes[1] !== 0 && bytes[2] === 0 && bytes[3] !== 0) {
    return { encoding: 'utf-16be', byteOrderMark: false }
  }
  const byteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return { encoding: isUtf8Start(bytes, whole) ? 'utf-8' : 'windows-1252', byteOrderMark }
}

/** Why that is no table at all; null when it may be one: a workbook may only be called .csv. */
function foreign(bytes: Buffer): string | null {
  const start = bytes.toString('latin1', 0, 4)
  const isBook = start === 'PK\u0003\u0004' || start === '\u00D0\u00CF\u0011\u00E0'
  return isBook ? 'it is an Excel workbook or a zip, whatever its name: save it as CSV' : null
}

/** The rows that can be read from a text whose end may be cut off. */
function rowsOf(text: string, dialect: Dialect, whole: boolean): string[][] {
  const rows: string[][] = []
  const keep = (row: string[]): null => {
    rows.push(row)
    return null
  }
  try {
    parse(text, { ...parserOptions(dialect), on_record: keep })
  } catch (error) {
    // An unclosed quote or an endless row: what came before it is still a sample. The reader says where it is.
    if (!(error instanceof CsvError)) throw error
  }
  // The last row of a cut text is cut too.
  if (!whole && rows.length > 1) rows.pop()
  return rows
}

/** The delimiter that gives the most columns to the most rows; quotes are respected, so a comma inside one is no evidence. */
function delimiterOf(text: string, base: Omit<Dialect, 'delimiter'>, whole: boolean): string {
  let best: string = ','
  let most = 0
  for (const delimiter of DELIMITERS) {
    const rows = rowsOf(text, { ...base, delimiter }, whole)
    const columns = rows[0]?.length ?? 0
    if (columns < 2) continue
    const alike = rows.filter((row) => row.length === columns).length / rows.length
    // Rows that agree matter more than a header that happens to hold many of some sign.
    const score = alike * alike * Math.log2(columns + 1)
    if (score > most) {
      best = delimiter
      most = score
    }
  }
  return best
}

/** Double quotes, save for files whose every first-line field stands in single ones. */
function quoteOf(text: string): string {
  const line = text.slice(0, text.search(/[\r\n]|$/))
  return /^'[^']*'([,;\t|]'[^']*')*$/.test(line) && line.length > 2 ? "'" : '"'
}

/** Trimmed, never blank, never twice the same. */
function headerOf(cells: readonly string[]): string[] {
  const names: string[] = []
  for (const [index, cell] of cells.entries()) {
    const name = cell.trim() === '' ? `column ${index + 1}` : cell.trim()
    let unique = name
    for (let copy = 2; names.includes(unique); copy += 1) unique = `${name} (${copy})`
    names.push(unique)
  }
  return names
}

/** Looks at the beginning of one file. Deterministic: the same bytes give the same answer. */
export function readHead(folder: string, file: string): TableHead {
  const path = join(folder, file)
  const compressed = file.toLowerCase().endsWith('.gz')
  const { start, size, stamp } = readStart(path, compressed ? 512 << 10 : SAMPLE_BYTES)
  const beginning: Beginning =
    compressed && size > 0
      ? unpack(start, size)
      : { bytes: start, whole: start.length === size, factor: size / Math.max(1, start.length), problem: null }
  const { encoding, byteOrderMark } = encodingOf(beginning.bytes, beginning.whole)
  const text = iconv.decode(beginning.bytes, encoding)
  const separator = /^sep=(.)\r?\n/i.exec(text)
  const base = {
    quote: quoteOf(text),
    skipLines: separator === null ? 0 : 1,
    lineEnds: !text.includes('\n') && text.includes('\r') ? ['\r'] : ['\r\n', '\n'],
  }
  const short = text.length > DELIMITER_SAMPLE
  const delimiter = separator?.[1] ?? delimiterOf(text.slice(0, DELIMITER_SAMPLE), base, beginning.whole && !short)
  const rows = rowsOf(text, { ...base, delimiter }, beginning.whole)
  const header = headerOf(rows[0] ?? [])
  const sample = rows.slice(1)
  const unreadable = text.trim() === '' ? 'it is empty' : rows.length === 0 ? 'its first line never ends' : null
  const problem = beginning.problem ?? unreadable ?? foreign(beginning.bytes)
  return {
    file,
    path,
    compressed,
    bytes: size,
    stamp,
    encoding,
    byteOrderMark,
    ...base,
    delimiter,
    header,
    sample,
    whole: beginning.whole,
    rows: beginning.whole ? sample.length : Math.round(sample.length * beginning.factor),
    problem,
  }
}
