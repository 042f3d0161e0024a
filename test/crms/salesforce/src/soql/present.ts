import { objectOfId } from '../ids.ts'
import { instantText, numberText, zuluText, type Row, type Value } from '../values.ts'
import type { Column } from './resolve.ts'

/** A value as JSON shows it. */
export function jsonValue(column: Pick<Column, 'field'>, value: Value): Value {
  return column.field.type === 'datetime' && typeof value === 'number' ? instantText(value) : value
}

/** A value as CSV shows it. */
export function csvValue(column: Pick<Column, 'field'>, value: Value): string {
  if (value === null) return ''
  if (typeof value !== 'number') return String(value)
  if (column.field.type === 'datetime') return zuluText(value)
  // Money and decimals carry a point in the files of the bulk interface.
  const text = numberText(value)
  return column.field.type === 'int' || text.includes('.') ? text : `${text}.0`
}

export type Json = Record<string, unknown>

/** `{attributes, Id, Owner: {attributes, Email}}`: parents nested, a missing parent null. */
export function record(columns: readonly Column[], row: Row, object: string, prefix: string, asOf: number | undefined): Json {
  const made: Json = { attributes: attributesOf(object, row, prefix) }
  for (const column of columns) {
    let place = made
    let isMissing = false
    const holder = column.parents.length === 0 ? row : column.holder(row, asOf)
    for (const [depth, parent] of column.parents.entries()) {
      if (holder === null) {
        place[parent] ??= null
        isMissing = true
        break
      }
      const isLast = depth === column.parents.length - 1
      const next = (place[parent] ?? {
        attributes: isLast ? attributesOf(objectOfId(String(holder['Id'])) ?? 'Name', holder, prefix) : { type: parent },
      }) as Json
      place[parent] = next
      place = next
    }
    if (!isMissing) place[column.field.name] = jsonValue(column, column.read(row, asOf))
  }
  return made
}

export const attributesOf = (object: string, row: Row, prefix: string): Json => ({
  type: object,
  url: `${prefix}/sobjects/${object}/${String(row['Id'])}`,
})

/** One line of a CSV file, every value in quotes. */
export const csvLine = (values: readonly string[], delimiter: string, ending: string): string =>
  values.map((value) => `"${value.includes('"') ? value.replace(/"/g, '""') : value}"`).join(delimiter) + ending
