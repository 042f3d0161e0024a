import { describe, expect, it } from 'vitest'
import { keepAnswers } from '../../src/flow/sync/answers.ts'
import { live } from '../store/records.ts'
import { DAY, MONDAY, openedPlanes, SLOW } from './planes.ts'

const planes = openedPlanes()

async function answered() {
  const connection = await planes.connect()
  let version = MONDAY
  /** What was published last. */
  let shown: Readonly<Record<string, string>> | null = null
  return {
    /** The account as the CRM shows it in the next sync. */
    async sees(fields: Readonly<Record<string, string | null>>): Promise<void> {
      const attributes = Object.fromEntries(Object.entries(fields).map(([name, value]) => [`assay_offer_${name}`, value]))
      const record = live('account', 'a', '2026-01-01', {}, { version: (version += DAY), attributes })
      await keepAnswers(planes.control, connection, [record], async () => shown)
    },
    shows(fields: Readonly<Record<string, string>>): void {
      shown = fields
    },
    known: async () => (await planes.control.feedback.list(connection)).map(({ offer, response }) => `${offer}: ${response}`),
  }
}

describe('answers to offers', { timeout: SLOW }, () => {
  it.each([
    ['without a date', {}],
    ['with a date', { '1_response_at': '2026-06-02' }],
  ] as const)('belong to the offer that they were given for, %s', async (_which, date) => {
    const one = await answered()
    await one.sees({ '1_code': 'p', '2_code': 'k', '1_response': 'Not relevant', ...date })
    expect(await one.known()).toEqual(['p: Not relevant'])
    // The next offers moved up; the answer still stands in its field, night after night.
    for (const code of ['k', 'k', 'c']) await one.sees({ '1_code': code, '1_response': 'Not relevant', ...date })
    expect(await one.known()).toEqual(['p: Not relevant'])
    await one.sees({ '1_code': 'c', '1_response': 'Accepted', ...date })
    expect((await one.known()).sort()).toEqual(['c: Accepted', 'p: Not relevant'])
  })

  it('count again with a new date, and for each place by itself', async () => {
    const one = await answered()
    await one.sees({ '1_code': 'p', '1_response': 'Not now', '1_response_at': '2026-06-02', '2_code': 'k' })
    await one.sees({
      '1_code': 'p',
      '1_response': 'Not now',
      '1_response_at': '2026-06-02',
      '2_code': 'k',
      '2_response': 'Not now',
      '2_response_at': '2026-06-02',
    })
    await one.sees({ '1_code': 'c', '1_response': 'Not now', '1_response_at': '2026-06-09' })
    expect((await one.known()).sort()).toEqual(['c: Not now', 'k: Not now', 'p: Not now'])
  })

  it('are for the offer that was published there, for no reader brings the code along', async () => {
    const one = await answered()
    await one.sees({ '2_response': 'Not now' })
    one.shows({ offer_1_code: 'p', offer_2_code: 'k' })
    await one.sees({ '1_response': 'Accepted', '2_response': 'Not now' })
    one.shows({ offer_1_code: 'c', offer_2_code: 'x' })
    await one.sees({ '1_response': 'Accepted', '2_response': 'Not relevant' })
    expect((await one.known()).sort()).toEqual(['offer_2: Not now', 'p: Accepted', 'x: Not relevant'])
  })

  it("that are none of the three words are nobody's", async () => {
    const one = await answered()
    await one.sees({ '1_code': 'p', '1_response': 'maybe' })
    expect(await one.known()).toEqual([])
  })
})
