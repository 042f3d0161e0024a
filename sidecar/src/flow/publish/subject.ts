import {
  CHURN_FIELDS,
  COMMON_FIELDS,
  DEAL_FIELDS,
  OFFER_FIELDS,
  type ScoreField,
  type ScoreObject,
  SEGMENT_FIELDS,
  VALUE_FIELDS,
} from '@assay/shared'
import { compose, type ComposeInput, type Said } from './compose.ts'
import { composeDeal } from './compose-deal.ts'
import type { PublishPolicy } from './policy.ts'

/** What is written to one kind of record, and by whom it is said. */
export interface PublishSubject {
  /** Every field that Assay can have written to it, whichever miner speaks today. */
  readonly known: readonly ScoreField[]
  /** By miner: whose fields stay as they are when a run did not ask that miner at all. */
  readonly own: Readonly<Record<string, readonly string[]>>
  /** A record that carries fields and is no longer scored: the number goes, a note stays. */
  readonly gone: readonly Said[]
  readonly compose: (input: ComposeInput, policy: PublishPolicy) => Readonly<Record<string, string>>
}

const noLonger = (miner: string, why: string): readonly Said[] => [{ miner, model: '', fields: {}, signs: '{"facts":[]}', unscored: why }]
const names = (fields: readonly ScoreField[]): readonly string[] => fields.map((field) => field.name)

const CUSTOMERS: PublishSubject = {
  known: [...CHURN_FIELDS, ...SEGMENT_FIELDS, ...OFFER_FIELDS, ...VALUE_FIELDS, ...COMMON_FIELDS],
  own: {
    churn: [...names(CHURN_FIELDS), 'score_note', 'next_action'],
    segments: names(SEGMENT_FIELDS),
    offers: names(OFFER_FIELDS),
    value: names(VALUE_FIELDS),
  },
  gone: noLonger('churn', 'no longer among the customers that are scored'),
  compose,
}

const DEALS: PublishSubject = {
  known: DEAL_FIELDS,
  own: { wins: names(DEAL_FIELDS) },
  gone: noLonger('wins', 'no longer among the open deals'),
  compose: composeDeal,
}

export const subjectOf = (object: ScoreObject): PublishSubject => (object === 'deal' ? DEALS : CUSTOMERS)
