import { type Column, type Frame, ROW_ATTRIBUTE } from '@assay/shared'
import { instant } from '../store/instant.ts'
import type { Driver } from '../store/store.ts'
import { FAMILIES } from './catalogue.ts'
import { columnsSeen, emptyColumn, fill, finished, isName, type LeftOut, sameName, type Seen, tooManyWords } from './flat.ts'
import type { FrameRequest } from './frames.ts'
import type { CustomerUnit } from './history.ts'
import { queryText } from './query.ts'
import { SIGN_OF_LIFE } from './sign-of-life.ts'

/** What customers are described by beyond what they did: what may be learned from, and what may not. */
export interface Attributes {
  readonly used: readonly Seen[]
  readonly leftOut: readonly LeftOut[]
  /** Of those that are used: what everybody may read who sees scores. Signs from all others are restricted. */
  readonly open: ReadonlySet<string>
}

const FEATURES: ReadonlySet<string> = new Set([...Object.values(FAMILIES).flatMap((family) => Object.keys(family)), SIGN_OF_LIFE])
/** The day a record was made has a history of its own. */
const NO_ATTRIBUTES: ReadonlySet<string> = new Set([ROW_ATTRIBUTE, 'created'])

/**
 * Looks at the attributes of all customers as they are today. Of an attribute only today's value is known, which may have
 * been filled in after the outcome: only what the admin declared stable is used. A type is decided once, for all days.
 */
export async function attributesOf(
  driver: Driver,
  request: { readonly connection: string; readonly unit: CustomerUnit; readonly asOf: number },
  said: { readonly stable: readonly string[]; readonly open: readonly string[] },
): Promise<Attributes> {
  const params = { connection: request.connection, kind: request.unit, as_of: instant(request.asOf) }
  const seen = (await columnsSeen(driver, queryText('flat-rows'), params)).filter((column) => !NO_ATTRIBUTES.has(column.name))
  const leftOut: LeftOut[] = []
  const used = seen.filter((column) => {
    const why = unfit(
      column,
      said.stable.some((name) => sameName(name, column.name)),
    )
    if (why !== null) leftOut.push({ column: column.name, why })
    return why === null
  })
  const open = used.filter((column) => said.open.some((name) => sameName(name, column.name)))
  return { used, leftOut, open: new Set(open.map(({ name }) => name)) }
}

function unfit(column: Seen, stable: boolean): string | null {
  if (!stable) return 'not declared stable: only its value of today is known, which may have been filled in after the outcome'
  if (FEATURES.has(column.name)) return 'a feature has the same name'
  return isName(column, stable) ? tooManyWords(column) : null
}

/** The frame with those attributes as columns, as known on its day; a customer of whom nothing was known has gaps. */
export async function withAttributes(
  driver: Driver,
  frame: Frame,
  request: FrameRequest,
  { used, open }: Pick<Attributes, 'used' | 'open'>,
): Promise<Frame> {
  if (used.length === 0) return frame
  const size = frame.ids.length
  const rowOf = new Map(frame.ids.map((id, row) => [id, row]))
  const columns = used.map((column) => emptyColumn(column, size, !open.has(column.name)))
  const levels = columns.map(() => new Map<string, number>())
  const bound = Object.fromEntries(used.map((column, i) => [`n${i}`, column.name]))
  const params = { connection: request.connection, kind: request.unit, as_of: instant(request.asOf), permille: request.permille }
  const text = `SELECT id, ${used.map((_, i) => `attributes[{n${i}:String}] AS c${i}`).join(', ')} FROM (${queryText('flat-rows')})
    WHERE cityHash64(id) % 1000 < {permille:UInt32} ORDER BY id`
  for await (const block of driver.blocks(text, { ...params, ...bound })) {
    const ids = block.columns['id'] as readonly string[]
    columns.forEach((column, k) => {
      const values = block.columns[`c${k}`] as readonly (string | null)[]
      ids.forEach((id, i) => {
        const row = rowOf.get(id)
        if (row !== undefined) fill(column, [values[i] ?? null], row, levels[k]!, used[k]!.type === 'date')
      })
    })
  }
  return { ...frame, columns: [...frame.columns, ...columns.map((column, k): Column => finished(column, levels[k]!))] }
}
