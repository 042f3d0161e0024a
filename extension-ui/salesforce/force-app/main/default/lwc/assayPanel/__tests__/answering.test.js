import { answerRecord } from '../answering'
import { refusalOf } from '../refusal'

const GIVEN = { id: '001', answer: 'A__c', day: 'D__c', value: 'Accepted', now: Date.UTC(2026, 10, 22, 2), timeZone: 'UTC' }

it.each([
  ['UTC', '2026-11-22'],
  ['America/Los_Angeles', '2026-11-21'],
  ['Pacific/Auckland', '2026-11-22'],
])('the day of an answer is the day of the person who gives it: %s', (timeZone, day) => {
  expect(answerRecord({ ...GIVEN, timeZone }).fields).toEqual({ Id: '001', A__c: 'Accepted', D__c: day })
})

it('an answer that is taken back has no day, and a day that may not be written is left out', () => {
  expect(answerRecord({ ...GIVEN, value: null }).fields).toEqual({ Id: '001', A__c: null, D__c: null })
  expect(answerRecord({ ...GIVEN, day: null }).fields).toEqual({ Id: '001', A__c: 'Accepted' })
})

it.each([
  ['one message', { status: 404, body: { message: 'gone' } }, { status: 404, text: 'gone' }],
  ['a list of messages', { body: [{ message: 'one' }, { message: 'two' }] }, { status: 0, text: 'one two' }],
  [
    'reasons below the message',
    { body: { statusCode: 400, message: 'top', output: { errors: [{ message: 'why' }] } } },
    { status: 400, text: 'why' },
  ],
  ['a thrown error', new TypeError('broken'), { status: 0, text: 'broken' }],
  ['nothing at all', undefined, { status: 0, text: '' }],
])('what Salesforce said: %s', (_name, error, said) => {
  expect(refusalOf(error)).toEqual(said)
})
