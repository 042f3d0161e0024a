import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Rows of a small delimited file as text; quotes and a byte order mark understood. For tests only. */
export function readCsv(file: string, delimiter = ','): { header: string[]; rows: string[][] } {
  const bytes = readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '')
  const rows: string[][] = []
  for (const line of text.split(/\r?\n/)) if (line !== '') rows.push(line.includes('"') ? quoted(line, delimiter) : line.split(delimiter))
  const header = rows.shift() ?? []
  return { header, rows }
}

function quoted(line: string, delimiter: string): string[] {
  const cells: string[] = []
  let cell = ''
  let inside = false
  // Where no cell holds a delimiter or a doubled quote, cutting is enough.
  const cut = line.split(delimiter)
  if (!line.includes('""') && cut.every((c) => c.startsWith('"') === c.endsWith('"')))
    return cut.map((c) => (c.startsWith('"') ? c.slice(1, -1) : c))
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!
    if (inside && c === '"' && line[i + 1] === '"') {
      cell += '"'
      i++
    } else if (c === '"') inside = !inside
    else if (c === delimiter && !inside) {
      cells.push(cell)
      cell = ''
    } else cell += c
  }
  cells.push(cell)
  return cells
}
