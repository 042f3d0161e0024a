import { expect, test } from 'vitest'
import { z } from 'zod'
import { sayIssues, wording } from '../src/wording.ts'

const schema = z.strictObject({
  days: z.number().int().positive().optional(),
  accept: z.union([z.literal('proposed'), z.number().int().positive()]).optional(),
  from: z.enum(['silence', 'end']).optional(),
  token: z.string().min(1).optional(),
  word: z.string().regex(/^\w+$/, 'expected one word').optional(),
  file: z.string().optional(),
})
const words = (input: unknown, show = true): string => sayIssues(schema.safeParse(input, { error: wording({ show }) }).error!, 'mapping')

test.each([
  [{ days: -3 }, 'days: expected a number greater than 0, not -3'],
  [{ days: 1.5 }, 'days: expected a whole number, not 1.5'],
  [{ days: '3' }, 'days: expected a number, not "3"'],
  [{ accept: 'soon' }, 'accept: expected "proposed" or a number, not "soon"'],
  [{ accept: -1 }, 'accept: expected a number greater than 0, not -1'],
  [{ from: 'start' }, 'from: expected "silence" or "end", not "start"'],
  [{ token: '' }, 'token: expected a text that is not empty, not ""'],
  [{ word: 'two words' }, 'word: expected one word'],
  [{ file: ['a'] }, 'file: expected a text, not a list'],
  [{ fil: 'a' }, 'mapping: there is no "fil"'],
  [[], 'mapping: expected an object { … }, not a list'],
])('of %j it says: %s', (input, said) => {
  expect(words(input)).toBe(said)
})

test('tells nothing of what may be a secret', () => {
  expect(words({ from: 'secret-9f3a', days: '4711' }, false)).toBe(
    'days: expected a number, not this text; from: expected "silence" or "end", not this text',
  )
})

test('what is missing is said to be missing', () => {
  const wanted = z.object({ token: z.string() }).safeParse({}, { error: wording({ show: false }) })
  expect(sayIssues(wanted.error!, 'settings')).toBe('token: missing; expected a text')
})
