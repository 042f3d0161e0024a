import { REST_SIGN } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { notesOf } from '../../src/flow/publish/notes.ts'
import { publishPolicy } from '../../src/flow/publish/policy.ts'
import { subjectOf } from '../../src/flow/publish/subject.ts'

const policy = publishPolicy.parse({})
const scoredAt = Date.UTC(2026, 10, 2)
const sign = (feature: string, text: string, points: number, restricted = false): object => ({ feature, text, points, restricted })
const notes = new Map([['m', (chance: number | null) => `note ${chance}`]])
const composed = (one: object): Readonly<Record<string, string>> =>
  subjectOf('deal').compose(
    {
      said: [{ miner: 'wins', model: 'm', fields: {}, signs: '[]', unscored: null, ...one }],
      history: [],
      declined: new Set(),
      scoredAt,
      notes,
    },
    policy,
  )

describe('an open deal in the CRM', () => {
  it('holds its chance with the signs that everybody may read, and a note', () => {
    const signs = JSON.stringify([
      sign('pushes', 'close date pushed 3 times', -12.4),
      sign('secret', 'secret', -5, true),
      sign('touches_30d', '4 activities', 3),
      sign(REST_SIGN, 'everything else', 1),
    ])
    expect(composed({ fields: { win_chance: '37' }, signs })).toEqual({
      win_chance: '37',
      win_signs: 'close date pushed 3 times (−12); 4 activities (+3)',
      score_note: 'note 37',
      scored_at: '2026-11-02T00:00:00.000Z',
    })
  })

  it('holds facts and the reason where there is no number', () => {
    const { win_chance, score_note } = composed({ unscored: 'too few to judge', signs: '{"facts":["40 days in its stage"]}' })
    expect(win_chance).toBeUndefined()
    expect(score_note).toBe('40 days in its stage. No win chance: too few to judge')
  })

  it('loses its number when it is closed', () => {
    const subject = subjectOf('deal')
    const fields = subject.compose({ said: subject.gone, history: [], declined: new Set(), scoredAt, notes }, policy)
    expect(fields).toMatchObject({ score_note: 'No win chance: no longer among the open deals' })
    expect(fields['win_chance']).toBeUndefined()
    expect(subject.known.every((field) => field.on === 'deal')).toBe(true)
  })

  it('has a note that names the event, how often such a chance came true, and the model, but no bands', () => {
    const report = {
      event: 'won within 84 days',
      metrics: { auc: { value: 0.81, low: 0.78, high: 0.84 } },
      candidates: [{ name: 'competing risks by boosting', chosen: true }],
      details: { reliability: [{ said: 0.4, happened: 0.38, n: 120 }] },
    }
    const model = { id: 'm', miner: 'wins', state: 'live', report, dataUntil: scoredAt } as unknown as Parameters<typeof notesOf>[0][number]
    expect(notesOf([model], policy.bands).get('m')!(40)).toBe(
      'Chance of being won within 84 days. Of 100 such scores about 38 came true (120 seen later). Competing risks by boosting, ranks right 81 times in 100, data until 2026-11-02.',
    )
  })
})
