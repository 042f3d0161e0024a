// Made by `npm run build -w @assay/panel` from extension-ui/panel-model: change that.
import { instantOf, numberOf, PANEL_FIELDS, type PanelFields, stopped, textOf } from './fields.ts'
import { historyOf } from './history.ts'
import { type Note, noteOf } from './note.ts'
import { type Reason, reasonsOf } from './reasons.ts'
import type { Offer, PanelState, PanelView, Tone } from './view.ts'
import { type Words, wordsOf } from './words.ts'

export interface PanelOptions {
  /** Epoch ms. */
  readonly now: number
  /** BCP 47, for dates and amounts; English when left out or unknown. */
  readonly locale?: string
  /** A score older than this is shown with a warning. Every record is written again once a week, so ten days mean that something stopped. */
  readonly staleAfterDays?: number
  /** Of the sections, 1 to 6; 2 when left out. */
  readonly headingLevel?: number
}

const DAY = 86_400_000
const STALE_AFTER_DAYS = 10

/**
 * What a panel shows for these field values. Pure: no clock, no page, no network; the same values give the same view. It
 * decides nothing: every number and word comes from a field, and what is not understood is said to be so.
 */
export function buildPanel(fields: PanelFields, options: PanelOptions): PanelView {
  const words = wordsOf(options.locale, options.now)
  const risk = numberOf(fields.churn_risk)
  const value = risk !== null && risk >= 1 && risk <= 99 ? Math.round(risk) : null
  const note = noteOf(fields.score_note, value !== null)
  const age = ageOf(fields, options, words)
  const state = stateOf(fields, risk, value, note, age)
  const headingLevel = Math.min(6, Math.max(1, Math.round(options.headingLevel ?? 2)))
  const said = { ...sections(fields, value, note, options.now, words), about: note.about, footer: age.footer }
  return { state, headingLevel, summary: summaryOf(state, said, note), notice: noticeOf(state, fields, note, age), ...said }
}

/** What a surface shows when it could not get the fields at all. */
export function errorPanel(title: string, text: string, headingLevel = 2): PanelView {
  return { ...EMPTY, state: 'error', headingLevel, summary: `${title}. ${text}`, notice: { tone: 'error', title, text } }
}

const EMPTY = {
  action: null,
  score: null,
  trend: null,
  history: null,
  facts: null,
  reasons: null,
  offers: null,
  details: null,
  about: '',
  footer: '',
}

type Sections = Omit<PanelView, 'state' | 'headingLevel' | 'summary' | 'notice'>

interface Age {
  readonly footer: string
  /** Why the score may be out of date, or ''. */
  readonly warning: string
}

function ageOf(fields: PanelFields, options: PanelOptions, words: Words): Age {
  const at = instantOf(fields.scored_at)
  if (fields.scored_at === undefined) return { footer: '', warning: '' }
  if (at === null || Number.isNaN(at)) return { footer: '', warning: 'It is not known when this was scored.' }
  if (at > options.now + DAY) {
    return { footer: '', warning: `The score is dated ${words.day(at)}, which is still to come: a clock is wrong somewhere.` }
  }
  const footer = `${numberOf(fields.churn_risk) === null ? 'Checked' : 'Scored'} ${words.ago(at)}.`
  if (options.now - at <= (options.staleAfterDays ?? STALE_AFTER_DAYS) * DAY) return { footer, warning: '' }
  return { footer, warning: `Last scored on ${words.day(at)}, ${words.ago(at)}. Much may have changed since.` }
}

function stateOf(fields: PanelFields, risk: number | null, value: number | null, note: Note, age: Age): PanelState {
  if (PANEL_FIELDS.every((name) => fields[name] === undefined)) return 'no-access'
  if (value !== null) return age.warning === '' ? 'scored' : 'stale'
  if (risk !== null) return 'error'
  if (note.facts.length > 0) return 'facts'
  // Without the right to read the number nobody can tell whether there is one, unless the note says so.
  return fields.churn_risk === undefined && note.why === '' ? 'no-access' : 'unscored'
}

function noticeOf(state: PanelState, fields: PanelFields, note: Note, age: Age): PanelView['notice'] {
  if (state === 'stale') return { tone: 'warning', title: 'This score may be out of date', text: age.warning }
  if (state === 'facts' || state === 'unscored') {
    const why = note.why || (state === 'facts' ? 'There is not enough to go by yet.' : 'Nothing was scored for this record yet.')
    return { tone: 'info', title: 'No churn score', text: why }
  }
  if (state === 'error') {
    const found = textOf(fields.churn_risk).slice(0, 40)
    const text = `“${found}” stands where a number from 1 to 99 should be. Ask your admin who else writes to this field.`
    return { tone: 'error', title: 'The churn risk cannot be read', text }
  }
  if (state === 'no-access') {
    const all = PANEL_FIELDS.every((name) => fields[name] === undefined)
    return all
      ? { tone: 'info', title: 'You cannot see the scores', text: 'Ask your admin for permission to read the Assay fields.' }
      : {
          tone: 'info',
          title: 'You cannot see the churn risk',
          text: 'What you may see is shown. Ask your admin for permission to read the rest.',
        }
  }
  return null
}

function sections(fields: PanelFields, value: number | null, note: Note, now: number, words: Words): Sections {
  const action = textOf(fields.next_action)
  const reasons = reasonsOf(fields.churn_signs, fields.churn_signs_restricted)
  return {
    ...EMPTY,
    action: action === '' ? null : { heading: 'Next step', text: action },
    score: value === null ? null : { heading: 'Churn risk', value, text: `${value} %`, ...bandOf(fields), ...meaningOf(note) },
    trend: value === null ? null : trendOf(fields),
    history: value === null ? null : historyOf(fields.churn_history, now, words),
    facts:
      note.facts.length === 0 ? null : { heading: 'What is known', items: note.facts.map((text, i) => ({ key: `fact-${i + 1}`, text })) },
    reasons: value === null ? null : reasonSection(reasons, fields),
    offers: offersOf(fields),
    details: detailsOf(fields, words),
  }
}

const meaningOf = (note: Note): { meaning: string; direction: string } => ({
  meaning: note.meaning || 'Chance that this customer leaves',
  direction: 'Higher is worse.',
})

const BAND_TONES: Readonly<Record<string, Tone>> = { Low: 'good', Medium: 'caution', High: 'bad' }

function bandOf(fields: PanelFields): { band: string; tone: Tone } {
  const band = textOf(fields.churn_band)
  const tone = own(BAND_TONES, band)
  return { band: tone === undefined ? band : `${band} risk`, tone: tone ?? 'neutral' }
}

const TRENDS: Readonly<Record<string, NonNullable<PanelView['trend']>>> = {
  Rising: { text: 'Rising', arrow: '↗', tone: 'bad' },
  Falling: { text: 'Falling', arrow: '↘', tone: 'good' },
  Steady: { text: 'Steady', arrow: '→', tone: 'neutral' },
  'Not enough history': { text: 'Not enough history for a trend', arrow: '', tone: 'neutral' },
}

function trendOf(fields: PanelFields): PanelView['trend'] {
  const text = textOf(fields.churn_trend)
  return text === '' ? null : (own(TRENDS, text) ?? { text, arrow: '', tone: 'neutral' })
}

/** A field's text never reaches into the prototype. */
const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.prototype.hasOwnProperty.call(table, name) ? table[name] : undefined

function reasonSection(items: readonly Reason[], fields: PanelFields): PanelView['reasons'] {
  const none = fields.churn_signs === undefined ? 'You may not see the reasons.' : 'No single sign stands out.'
  return {
    heading: 'Why',
    main: items[0] ?? null,
    items,
    raising: items.filter((one) => one.direction === 'raises'),
    lowering: items.filter((one) => one.direction === 'lowers'),
    note: items.length === 0 ? none : 'Signs, not proven causes. Points are compared with the average customer.',
  }
}

const ANSWERED = 'Answer: '

function offersOf(fields: PanelFields): PanelView['offers'] {
  const slots = [
    [fields.offer_1, fields.offer_1_code, fields.offer_1_why, fields.offer_1_response],
    [fields.offer_2, fields.offer_2_code, fields.offer_2_why, fields.offer_2_response],
    [fields.offer_3, fields.offer_3_code, fields.offer_3_why, fields.offer_3_response],
  ]
  const items = slots
    .map(([name, code, why, response], i): Offer => {
      const answer = textOf(response)
      return {
        key: `offer-${i + 1}`,
        rank: String(i + 1),
        name: textOf(name) || textOf(code),
        code: textOf(name) === textOf(code) ? '' : textOf(name) && textOf(code),
        why: textOf(why),
        response: answer === '' ? '' : ANSWERED + answer,
        answer,
      }
    })
    .filter((offer) => offer.name !== '')
  return items.length === 0 ? null : { heading: 'What to offer', items }
}

function detailsOf(fields: PanelFields, words: Words): PanelView['details'] {
  const items = [
    { key: 'segment', label: 'Segment', text: textOf(fields.segment) },
    { key: 'lifecycle', label: 'Lifecycle stage', text: textOf(fields.lifecycle_stage) },
    { key: 'value', label: 'Expected value, 12 months', text: valueOf(fields, words) },
  ].filter((item) => item.text !== '')
  return items.length === 0 ? null : { heading: 'Customer', items }
}

/** "4,200 (2,900 to 6,100)": a forecast of money never stands without its range where there is one. */
function valueOf(fields: PanelFields, words: Words): string {
  const [value, low, high] = [numberOf(fields.value_12m), numberOf(fields.value_12m_low), numberOf(fields.value_12m_high)]
  if (value === null || Number.isNaN(value)) return ''
  const ranged = low !== null && high !== null && low <= value && value <= high
  return ranged ? `about ${words.amount(value)} (${words.amount(low)} to ${words.amount(high)})` : words.amount(value)
}

/** One number, one reason, one action. */
function summaryOf(state: PanelState, said: Sections, note: Note): string {
  const parts: string[] = []
  if (said.score) {
    const trend = said.trend && said.trend.arrow !== '' ? `, ${said.trend.text.toLowerCase()}` : ''
    parts.push(`Churn risk ${said.score.value} percent${said.score.band === '' ? '' : `, ${said.score.band.toLowerCase()}`}${trend}.`)
    const main = said.reasons?.main
    if (main) parts.push(stopped(`Main sign: ${main.text}${main.effect === '' ? '' : `, ${main.effect}`}`))
  } else if (state === 'facts' || state === 'unscored') {
    parts.push(
      said.facts
        ? `No churn score. Known: ${said.facts.items.map((fact) => fact.text).join('; ')}.`
        : `No churn score. ${note.why || 'Nothing was scored for this record yet.'}`,
    )
  } else {
    parts.push(state === 'error' ? 'The churn risk cannot be read.' : 'You cannot see the churn risk.')
  }
  if (state === 'stale') parts.push('This score may be out of date.')
  if (said.action) parts.push(`Next step: ${stopped(said.action.text)}`)
  return parts.join(' ')
}
