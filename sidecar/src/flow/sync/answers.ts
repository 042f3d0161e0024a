import { ASSAY_PREFIX, OFFER_RANKS, OFFER_RESPONSES, type CrmRecord, type ScoreObject } from '@assay/shared'
import type { Control } from '../../control/control.ts'

const OBJECTS: ReadonlySet<string> = new Set(['account', 'contact', 'deal'])
const RESPONSES: ReadonlySet<string> = new Set(OFFER_RESPONSES)

/** People answer an offer in a field of the CRM; the next sync brings the answer here. */
export async function keepAnswers(control: Pick<Control, 'feedback'>, connection: string, records: readonly CrmRecord[]): Promise<void> {
  const rows = records.flatMap((record) => {
    if (record.deleted || !OBJECTS.has(record.kind)) return []
    return OFFER_RANKS.flatMap((k) => {
      const response = record.attributes[`${ASSAY_PREFIX}offer_${k}_response`]
      if (typeof response !== 'string' || !RESPONSES.has(response)) return []
      const at = Date.parse(String(record.attributes[`${ASSAY_PREFIX}offer_${k}_response_at`] ?? ''))
      const offer = record.attributes[`${ASSAY_PREFIX}offer_${k}_code`]
      return [
        {
          object: record.kind as ScoreObject,
          id: record.id,
          offer: typeof offer === 'string' && offer !== '' ? offer : `offer_${k}`,
          response,
          at: Number.isNaN(at) ? record.version : at,
        },
      ]
    })
  })
  if (rows.length > 0) await control.feedback.put(connection, rows)
}
