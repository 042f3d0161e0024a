/** Stands in for the `assay` command: notes what it was asked for and says what it was told to say. */
import { appendFileSync, readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'

interface Part {
  readonly code?: number
  readonly out?: unknown
  readonly err?: string
}

const words = process.argv.slice(2)
const input = await text(process.stdin)
appendFileSync(process.env['PRETEND_CALLS']!, `${JSON.stringify({ words, input })}\n`)
const parts = JSON.parse(readFileSync(process.env['PRETEND_SAYS']!, 'utf8')) as Record<string, Part>
const part = Object.entries(parts).find(([start]) => words.join(' ').startsWith(start))?.[1] ?? {
  code: 1,
  err: `nothing to say to ${words.join(' ')}\n`,
}
process.stderr.write(part.err ?? '')
process.stdout.write(part.out === undefined ? '' : JSON.stringify(part.out))
process.exitCode = part.code ?? 0
