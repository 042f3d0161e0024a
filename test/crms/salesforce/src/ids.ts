import { OBJECTS, type ObjectName } from './objects.ts'

/**
 * Salesforce's ids and the world's. An id is a key prefix, two letters of the instance, a zero, nine digits in base 62 and a checksum of three
 * letters. The nine digits are the world's own number, so that either id tells the other and both sort alike.
 */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const CHECKSUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'
const INSTANCE = '5f0'
const VALUE = new Map(DIGITS.split('').map((digit, value) => [digit, value]))

/** The id with this number below a key prefix, 18 characters. */
export function idOf(prefix: string, number: number): string {
  let digits = ''
  for (let rest = number; digits.length < 9; rest = Math.floor(rest / 62)) digits = (DIGITS[rest % 62] ?? '0') + digits
  return withChecksum(prefix + INSTANCE + digits)
}

/** The number in an id. */
export function numberOf(id: string): number {
  let number = 0
  for (let position = 6; position < 15; position += 1) number = number * 62 + (VALUE.get(id[position] ?? '0') ?? 0)
  return number
}

/** 15 characters → 18: three letters, each telling which of five characters are capitals. */
export function withChecksum(id: string): string {
  let suffix = ''
  for (let group = 0; group < 15; group += 5) {
    let bits = 0
    for (let position = 0; position < 5; position += 1) {
      const code = id.charCodeAt(group + position)
      if (code >= 65 && code <= 90) bits |= 1 << position
    }
    suffix += CHECKSUM[bits]
  }
  return id + suffix
}

/** Either form of an id as 18 characters; null for what is no id (wrong length, wrong characters, wrong checksum). */
export function canonicalId(text: string): string | null {
  if (!/^[a-zA-Z0-9]{15}([A-Z0-5]{3})?$/.test(text)) return null
  const id = withChecksum(text.slice(0, 15))
  return text.length === 15 || text === id ? id : null
}

/** The Salesforce id of a record of the world. */
export const salesforceId = (object: ObjectName, worldId: string): string => idOf(OBJECTS[object].prefix, Number(worldId))

/** The world's id of a record, which scores of several CRMs can be compared by. */
export const worldIdOf = (id: string): string => String(numberOf(id))

const BY_PREFIX = new Map(Object.values(OBJECTS).map((object) => [object.prefix, object.name as ObjectName]))

/** The object an id belongs to; null when no object has such a prefix. */
export const objectOfId = (id: string): ObjectName | null => BY_PREFIX.get(id.slice(0, 3)) ?? null
