import { DataType, TimeUnit, type RecordBatch, type Vector } from 'apache-arrow'
import type { Block } from './store.ts'

/** One Arrow batch as a `Block`. Columns of floats without NULLs are views on the batch, all others are new. */
export function blockOf(batch: RecordBatch): Block {
  const columns: Record<string, Float64Array | readonly (string | null)[]> = {}
  for (const [index, field] of batch.schema.fields.entries()) {
    const vector = batch.getChildAt(index)
    if (vector !== null) columns[field.name] = columnOf(vector)
  }
  return { size: batch.numRows, columns }
}

function columnOf(vector: Vector): Float64Array | readonly (string | null)[] {
  const type = vector.type as DataType
  if (DataType.isUtf8(type)) return texts(vector)
  if (DataType.isInt(type) && type.bitWidth === 64) return wideIntegers(vector, type.isSigned, 1)
  if (DataType.isTimestamp(type)) return wideIntegers(vector, true, MS_PER_UNIT[type.unit] ?? 1)
  if (DataType.isFloat(type) || DataType.isInt(type)) return narrowNumbers(vector)
  if (DataType.isBool(type)) return each(vector, (value) => (value === true ? 1 : 0))
  if (DataType.isDate(type)) return each(vector, Number)
  if (DataType.isDecimal(type)) return each(vector, (value) => decimalOf(value as Uint32Array, type.scale))
  if (DataType.isNull(type)) return new Float64Array(vector.length).fill(NaN)
  return Array.from({ length: vector.length }, (_, row) => otherText(vector.get(row)))
}

const MS_PER_UNIT: Readonly<Record<number, number>> = {
  [TimeUnit.SECOND]: 1000,
  [TimeUnit.MILLISECOND]: 1,
  [TimeUnit.MICROSECOND]: 1e-3,
  [TimeUnit.NANOSECOND]: 1e-6,
}

/** Arrow marks a present value by a set bit. */
const present = (bitmap: Uint8Array, row: number): boolean => ((bitmap[row >> 3]! >> (row & 7)) & 1) === 1

function narrowNumbers(vector: Vector): Float64Array {
  const data = vector.data[0]
  if (data === undefined) return new Float64Array(0)
  const values = data.values as Float64Array | Float32Array | Int32Array
  if (values instanceof Float64Array && data.nullCount === 0) return values.subarray(0, data.length)
  const column = new Float64Array(data.length)
  for (let row = 0; row < data.length; row++) column[row] = values[row]!
  return withGaps(column, data.nullCount, data.nullBitmap, data.offset)
}

/** 64-bit integers without making a BigInt of each: two halves. Exact up to 2^53. */
function wideIntegers(vector: Vector, signed: boolean, factor: number): Float64Array {
  const data = vector.data[0]
  if (data === undefined) return new Float64Array(0)
  const raw = data.values as BigInt64Array
  const low = new Uint32Array(raw.buffer, raw.byteOffset, data.length * 2)
  const high = signed ? new Int32Array(raw.buffer, raw.byteOffset, data.length * 2) : low
  const column = new Float64Array(data.length)
  for (let row = 0; row < data.length; row++) column[row] = (high[2 * row + 1]! * 4294967296 + low[2 * row]!) * factor
  return withGaps(column, data.nullCount, data.nullBitmap, data.offset)
}

function withGaps(column: Float64Array, gaps: number, bitmap: Uint8Array, offset: number): Float64Array {
  if (gaps === 0) return column
  for (let row = 0; row < column.length; row++) if (!present(bitmap, offset + row)) column[row] = NaN
  return column
}

const decoder = new TextDecoder()

/** Decodes the whole buffer once where it is plain ASCII (ids, codes, most names), else value by value. */
function texts(vector: Vector): readonly (string | null)[] {
  const data = vector.data[0]
  if (data === undefined) return []
  const bytes = data.values as Uint8Array
  const offsets = data.valueOffsets as Int32Array
  const first = offsets[0] ?? 0
  const whole = decoder.decode(bytes.subarray(first, offsets[data.length] ?? 0))
  const plain = whole.length === (offsets[data.length] ?? 0) - first
  const column: (string | null)[] = Array.from({ length: data.length })
  for (let row = 0; row < data.length; row++) {
    if (data.nullCount > 0 && !present(data.nullBitmap, data.offset + row)) column[row] = null
    else if (plain) column[row] = whole.slice(offsets[row]! - first, offsets[row + 1]! - first)
    else column[row] = decoder.decode(bytes.subarray(offsets[row], offsets[row + 1]))
  }
  return column
}

function each(vector: Vector, read: (value: unknown) => number): Float64Array {
  const column = new Float64Array(vector.length)
  for (let row = 0; row < vector.length; row++) {
    const value: unknown = vector.get(row)
    column[row] = value === null ? NaN : read(value)
  }
  return column
}

/** Arrow decimals are two's complement integers in 32-bit words, the lowest first. */
function decimalOf(words: Uint32Array, scale: number): number {
  let value = 0n
  for (let index = words.length - 1; index >= 0; index--) value = (value << 32n) | BigInt(words[index]!)
  return Number(BigInt.asIntN(words.length * 32, value)) / 10 ** scale
}

/** Maps and arrays as JSON text. */
function otherText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (value instanceof Uint8Array) return decoder.decode(value)
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? Number(part) : part))
}
