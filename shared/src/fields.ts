/** What a score is about. A customer is an account, or a contact where deals hang on contacts. */
export type ScoreObject = 'account' | 'contact' | 'deal'
export type ScoreValue = string | number | null

/**
 * One custom field that Assay makes in a CRM. `name` carries no prefix: each connector adds its own
 * (`Assay_…__c`, `assay_…`, `assay_…_c`). Names are the contract with every list view and report out there:
 * a field is never renamed or retyped.
 */
export interface ScoreField {
  readonly name: string
  readonly on: 'customer' | 'deal'
  readonly label: string
  readonly type: 'number' | 'picklist' | 'text' | 'currency' | 'date' | 'datetime'
  /** Shown to people as help text. */
  readonly description: string
  /** For picklists, in order. */
  readonly options?: readonly string[]
  readonly maxLength?: number
  /** People set it; Assay reads it, and writes there only what somebody answered on its own panel. */
  readonly setByPeople?: boolean
  /** Needs a permission of its own: holds what not every viewer may read. */
  readonly restricted?: boolean
  /** A number that moved by no more than this is no change. */
  readonly tolerance?: number
  /** A number that moved by no more than this share of what stands there is no change. */
  readonly toleranceShare?: number
  /** Follows a rule that is stated in its description, not a model: said also where the verdict refuses the model. */
  readonly stated?: boolean
  /** Moves a little every day (a date, "94 days since …"): written along with other changes, alone no reason to write. */
  readonly follows?: boolean
}

export const CHURN_BANDS = ['Low', 'Medium', 'High'] as const
export const CHURN_TRENDS = ['Falling', 'Steady', 'Rising', 'Not enough history'] as const
export const LIFECYCLE_STAGES = ['Prospect', 'Responder', 'Active', 'Former'] as const
export const OFFER_RESPONSES = ['Accepted', 'Not now', 'Not relevant'] as const
/** How long a text field may be: the shortest limit of the CRMs. */
export const TEXT_LIMIT = 255

const text = (name: string, label: string, description: string, more: Partial<ScoreField> = {}): ScoreField => ({
  name,
  on: 'customer',
  label,
  type: 'text',
  maxLength: TEXT_LIMIT,
  description,
  ...more,
})

/** Fields of the churn miner (published as `churn_risk` and its companions). */
export const CHURN_FIELDS: readonly ScoreField[] = [
  {
    name: 'churn_risk',
    on: 'customer',
    label: 'Churn risk',
    type: 'number',
    description: 'Chance in percent (1-99) that this customer leaves within the horizon named in the score note.',
    tolerance: 2,
  },
  {
    name: 'churn_band',
    on: 'customer',
    label: 'Churn band',
    type: 'picklist',
    options: CHURN_BANDS,
    description: 'Low, Medium or High, by the edges that your admin set.',
  },
  {
    name: 'churn_trend',
    on: 'customer',
    label: 'Churn trend',
    type: 'picklist',
    options: CHURN_TRENDS,
    description: 'How the risk moved since earlier scores of the same model.',
  },
  text('churn_signs', 'Churn signs', 'What speaks for and against the risk; signs, not causes.', { follows: true }),
  text('churn_signs_restricted', 'Churn signs (restricted)', 'Signs that come from fields not everybody may read.', {
    restricted: true,
    follows: true,
  }),
  text('churn_history', 'Churn history', 'The last scores with their dates, compact.', { follows: true }),
]

export const SEGMENT_FIELDS: readonly ScoreField[] = [
  // Segment names are found in the data, so the field is a text: a picklist would refuse a new name.
  text('segment', 'Segment', 'The group of customers that behave alike which this one belongs to.'),
  {
    name: 'lifecycle_stage',
    on: 'customer',
    label: 'Lifecycle stage',
    type: 'picklist',
    options: LIFECYCLE_STAGES,
    stated: true,
    description: 'Prospect, Responder, Active or Former, from what the customer did.',
  },
]

export const OFFER_RANKS = [1, 2, 3] as const
export const OFFER_FIELDS: readonly ScoreField[] = OFFER_RANKS.flatMap((k): ScoreField[] => [
  text(`offer_${k}`, `Offer ${k}`, 'What to propose next.'),
  text(`offer_${k}_code`, `Offer ${k} code`, 'The product code of that proposal.'),
  text(`offer_${k}_why`, `Offer ${k} why`, 'Why this is proposed.', { follows: true }),
  {
    name: `offer_${k}_response`,
    on: 'customer',
    label: `Offer ${k} response`,
    type: 'picklist',
    options: OFFER_RESPONSES,
    setByPeople: true,
    description: 'Set by you; Assay reads it and learns from it.',
  },
  {
    name: `offer_${k}_response_at`,
    on: 'customer',
    label: `Offer ${k} response on`,
    type: 'date',
    setByPeople: true,
    description: 'When the response was given.',
  },
])

/** Written for every customer that anything at all is said about. */
export const COMMON_FIELDS: readonly ScoreField[] = [
  text('next_action', 'Next action', 'One sentence: what to do next.'),
  text('score_note', 'Score note', 'Which model, data until when, how often it was right; or why there is no score.', { follows: true }),
  { name: 'scored_at', on: 'customer', label: 'Scored at', type: 'datetime', description: 'When these values were made.', follows: true },
]

const money = (name: string, label: string, description: string, more: Partial<ScoreField>): ScoreField => ({
  name,
  on: 'customer',
  label,
  type: 'currency',
  description,
  ...more,
})

export const VALUE_FIELDS: readonly ScoreField[] = [
  money('value_12m', 'Value in 12 months', 'What this customer is expected to buy in the next twelve months.', {
    toleranceShare: 0.1,
  }),
  money('value_12m_low', 'Value in 12 months, from', 'Nine in ten customers like this one buy for at least this in twelve months.', {
    follows: true,
  }),
  money('value_12m_high', 'Value in 12 months, to', 'Nine in ten customers like this one buy for at most this in twelve months.', {
    follows: true,
  }),
]

export const DEAL_FIELDS: readonly ScoreField[] = [
  {
    name: 'win_chance',
    on: 'deal',
    label: 'Win chance',
    type: 'number',
    description: 'Chance in percent (1-99) that this deal is won.',
    tolerance: 2,
  },
  text('win_signs', 'Win signs', 'What speaks for and against winning; signs, not causes.', { on: 'deal', follows: true }),
  text('score_note', 'Score note', 'Which model, data until when, how often it was right; or why there is no score.', {
    on: 'deal',
    follows: true,
  }),
  { name: 'scored_at', on: 'deal', label: 'Scored at', type: 'datetime', description: 'When these values were made.', follows: true },
]

/** Every field that Assay may make in a CRM, whether a miner fills it yet or not: what an app package carries and a removal looks for. */
export const PUBLISHED_FIELDS: readonly ScoreField[] = [
  ...CHURN_FIELDS,
  ...SEGMENT_FIELDS,
  ...VALUE_FIELDS,
  ...OFFER_FIELDS,
  ...COMMON_FIELDS,
  ...DEAL_FIELDS,
]

/** Starts the name of everything that Assay makes in a CRM; readers hide whatever carries it. */
export const ASSAY_PREFIX = 'assay_'
/** Stands in the body of every task that Assay makes, so that no sync takes it for somebody's work. */
export const ASSAY_TASK_MARK = '[assay:'
