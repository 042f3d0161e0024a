import { createWriteStream } from 'node:fs'
import { finished, pipeline } from 'node:stream/promises'
import type { Writable } from 'node:stream'
import { once } from 'node:events'
import { createGzip } from 'node:zlib'

export type Cell = string | number | boolean | null

/** One CSV file being written (RFC 4180, UTF-8, comma, header first). */
export interface Table {
  row(cells: readonly Cell[]): void
  /** Waits until the disk has caught up. */
  drain(): Promise<void>
  close(): Promise<void>
}

const CHUNK = 1 << 16

const field = (cell: Cell): string => {
  if (cell === null) return ''
  const text = String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Opens a table; a name that ends in .gz is compressed. */
export function openTable(path: string, header: readonly string[]): Table {
  const file = createWriteStream(path)
  let target: Writable = file
  let done: Promise<void>
  if (path.endsWith('.gz')) {
    const gzip = createGzip({ level: 6 })
    done = pipeline(gzip, file)
    target = gzip
  } else done = finished(file)
  // A failed write is told by whoever waits next, not by a stray rejection.
  done.catch(() => {})
  let text = `${header.map(field).join(',')}\n`
  const flush = async (): Promise<void> => {
    const full = text.length > 0 && !target.write(text)
    text = ''
    if (full) await Promise.race([once(target, 'drain'), done])
  }
  return {
    row: (cells) => {
      text += `${cells.map(field).join(',')}\n`
    },
    drain: async () => {
      if (text.length >= CHUNK) await flush()
    },
    close: async () => {
      await flush()
      target.end()
      await done
    },
  }
}
