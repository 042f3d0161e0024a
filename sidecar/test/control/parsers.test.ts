import { describe, expect, test } from 'vitest'
import { parseInstant, toJson, toParams, toText } from '../../src/control/parsers.ts'

describe("PostgreSQL's text", () => {
  test('instants in any zone, with and without fractions', () => {
    expect(parseInstant('1970-01-01 00:00:00+00')).toBe(0)
    expect(parseInstant('2026-11-22 04:02:02.123456+05:30')).toBe(Date.UTC(2026, 10, 21, 22, 32, 2, 123))
    expect(parseInstant('2026-11-22 04:02:02.9-08')).toBe(Date.UTC(2026, 10, 22, 12, 2, 2, 900))
    expect(parseInstant('infinity')).toBe(Infinity)
    expect(() => parseInstant('yesterday')).toThrow('yesterday')
  })

  test('what PostgreSQL cannot hold is taken out, what looks like it stays', () => {
    expect(toText('a\0b\ud800')).toBe('ab\ufffd')
    expect(JSON.parse(toJson({ text: 'a\0b\ud800', deep: ['\0'] }))).toEqual({ text: 'ab\ufffd', deep: [''] })
    expect(JSON.parse(toJson(String.raw`\u0000`))).toBe(String.raw`\u0000`)
    expect(toJson(undefined)).toBe('null')
    expect(toParams(['a\0', 1, null])).toEqual(['a', 1, null])
  })
})
