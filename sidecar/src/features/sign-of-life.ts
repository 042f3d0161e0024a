import type { FeatureInfo, NumberColumn } from '@assay/shared'
import { sharedNumbers } from './shared-numbers.ts'

/** What mostly a customer does that is still there: it orders, it gets in touch, it complains, it is worth an offer. */
const SIGNS = ['days_since_last_order', 'days_since_last_inbound', 'days_since_last_case', 'days_since_last_deal'] as const

export const SIGN_OF_LIFE = 'days_since_sign_of_life'

const INFO: FeatureInfo = {
  name: SIGN_OF_LIFE,
  label: 'Days since any sign of life',
  unit: 'days',
  phrase: '{value} since any sign of life',
  sourceFields: ['deal.closedAt', 'deal.createdAt', 'activity.direction', 'case.createdAt'],
  restricted: false,
}

/**
 * Days since the newest of all signs of life, made of columns that are there already: unknown signs are passed over. Unknown
 * where orders are the only sign that anybody gave, because that would be the silence once more; no column without the others.
 */
export function signOfLife(columns: readonly NumberColumn[]): NumberColumn[] {
  const signs = SIGNS.flatMap((name) => columns.filter((column) => column.info.name === name))
  if (signs.length < 2 || signs[0]!.info.name !== SIGNS[0]) return []
  const values = sharedNumbers(signs[0]!.values.length).fill(Number.NaN)
  const kept = signs.slice(1).some((sign) => sign.values.some((days) => !Number.isNaN(days)))
  for (const sign of kept ? signs : []) {
    for (let row = 0; row < values.length; row++) {
      const days = sign.values[row]!
      if (!(values[row]! <= days) && !Number.isNaN(days)) values[row] = days
    }
  }
  return [{ type: 'number', info: INFO, values }]
}
