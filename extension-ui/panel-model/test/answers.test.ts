import { expect, test } from 'vitest'
import { answersTo, buildPanel, hiddenCustomer, noCustomer, notLoaded, notSaved, outOfReach, pressed, scoresOf } from '../src/index.ts'

const offerWith = (response: string | null) => buildPanel({ offer_1: 'Seal kit', offer_1_response: response }, { now: 0 }).offers!.items[0]!

test.each([
  ['nothing', null, undefined, '', '', []],
  ['what stands in the field', 'Not now', undefined, 'Answer: Not now', '', ['Not now']],
  ['an answer on its way', 'Accepted', { phase: 'saving', value: 'Accepted', text: '' }, 'Saving …', '', ['Accept']],
  ['an answer that was kept', 'Accepted', { phase: 'saved', value: 'Accepted', text: '' }, 'Answer: Accepted. Saved.', '', ['Accept']],
  [
    'and what is to be said beside it',
    'Accepted',
    { phase: 'kept', value: 'Accepted', text: 'Here only.' },
    'Answer: Accepted. Saved. Here only.',
    '',
    ['Accept'],
  ],
  ['an answer that was taken back', null, { phase: 'saved', value: null, text: '' }, 'Answer taken back.', '', []],
  [
    'the old answer where a new one was refused',
    'Not now',
    { phase: 'refused', value: 'Accepted', text: 'Not saved: no.' },
    'Answer: Not now',
    'Not saved: no.',
    ['Not now'],
  ],
  ['no button for a word that is none of the three', 'perhaps', undefined, 'Answer: perhaps', '', []],
] as const)('beside an offer stands: %s', (_name, stands, now, status, refused, down) => {
  const said = answersTo(offerWith(stands), now)
  expect([said.label, said.status, said.refused]).toEqual(['Your answer to Seal kit', status, refused])
  expect(said.choices.map((one) => one.value)).toEqual(['Accepted', 'Not now', 'Not relevant'])
  expect(said.choices.filter((one) => one.pressed).map((one) => one.label)).toEqual(down)
})

test('pressed once more, an answer is taken back', () => {
  expect([
    pressed(offerWith(null), 'Accepted'),
    pressed(offerWith('Not now'), 'Accepted'),
    pressed(offerWith('Accepted'), 'Accepted'),
  ]).toEqual(['Accepted', 'Accepted', null])
})

test('what a surface says of its own names the records in its own words', () => {
  expect([noCustomer('deal', 'company', 3).notice?.title, hiddenCustomer('deal', 'company', 3).notice?.text]).toEqual([
    'This deal has no company',
    'The scores are those of the company of this deal. Ask your admin for permission to see it.',
  ])
  expect([outOfReach(4).state, outOfReach(4).headingLevel, notLoaded('SugarCRM', '', 3).notice?.text]).toEqual([
    'no-access',
    4,
    'SugarCRM did not say why.',
  ])
  expect([scoresOf('account', null), scoresOf('account', ' Pumps\u202e Ltd'), notSaved('\n'), notSaved('no')]).toEqual([
    'Scores of the account',
    'Scores of the account Pumps Ltd',
    'Not saved. Try again.',
    'Not saved: no',
  ])
})
