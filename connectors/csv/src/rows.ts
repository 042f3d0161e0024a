import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import iconv from 'iconv-lite'
import type { TableHead } from './detect.ts'
import { parserOptions } from './parser.ts'

/** Some rows of a file, in file order, header left out. */
export interface RowBatch {
  readonly rows: readonly (readonly string[])[]
  /** The line on which each row ends. */
  readonly lines: readonly number[]
  /** Number of the first row of the batch in the file, counted from 1 under the header. */
  readonly firstRow: number
  /** Where and why reading stopped before the end of the file; null when it did not. Only the last batch has it. */
  readonly broken: { readonly line: number; readonly why: string } | null
}

const CHUNK_BYTES = 128 << 10

async function* bytesOf(head: TableHead): AsyncGenerator<Buffer> {
  const source = createReadStream(head.path, { highWaterMark: CHUNK_BYTES })
  const bytes = head.compressed ? source.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : source
  if (bytes !== source) source.on('error', (error) => bytes.destroy(error))
  try {
    if (head.encoding === 'utf-8') {
      yield* bytes as AsyncIterable<Buffer>
      return
    }
    const decoder = iconv.getDecoder(head.encoding)
    for await (const chunk of bytes as AsyncIterable<Buffer>) yield Buffer.from(decoder.write(chunk))
    yield Buffer.from(decoder.end() ?? '')
  } finally {
    source.destroy()
    bytes.destroy()
  }
}

/** What went wrong, in words for the person who exported the file. */
function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'Z_BUF_ERROR') return 'the gz file ends too early: it was cut off. Copy or export it again'
  if (code !== undefined && code.startsWith('Z_')) return `the gz file is damaged (${message}). Copy or export it again`
  if (code === 'CSV_MAX_RECORD_SIZE')
    return 'a row longer than 1 MiB begins here: a quote that is never closed, or a file without line ends'
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'a quote is opened and never closed'
  return message
}

/**
 * Streams a file's rows. Memory does not grow with the file. When the file breaks off (cut gz, endless row), the rows before
 * the break are given, and the last batch says where it was; a row that the break may have cut is not given.
 */
export async function* readRows(head: TableHead): AsyncGenerator<RowBatch> {
  let rows: string[][] = []
  let lines: number[] = []
  let firstRow = 1
  let line = 0
  let headerSeen = false
  const keep = (row: string[], info: { readonly lines: number }): null => {
    line = info.lines
    if (headerSeen) {
      rows.push(row)
      lines.push(line)
    } else headerSeen = true
    return null
  }
  const parser = parse({ ...parserOptions(head), on_record: keep })
  // Rows are taken in `keep`, nothing comes out at the other end: it only has to be kept open. Errors reach us by the callbacks.
  parser.on('error', () => undefined).resume()
  const write = (chunk: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      parser.write(chunk, (error) => (error === null || error === undefined ? resolve() : reject(error)))
    })
  const finish = (): Promise<void> =>
    new Promise((resolve, reject) => {
      parser.once('error', reject)
      parser.end(() => resolve())
    })
  const take = (broken: RowBatch['broken']): RowBatch => {
    const batch = { rows, lines, firstRow, broken }
    firstRow += rows.length
    rows = []
    lines = []
    return batch
  }
  try {
    for await (const chunk of bytesOf(head)) {
      await write(chunk)
      if (rows.length > 0) yield take(null)
    }
    await finish()
  } catch (error) {
    yield take({ line: line + 1, why: explain(error) })
    return
  } finally {
    parser.destroy()
  }
  if (rows.length > 0) yield take(null)
}
