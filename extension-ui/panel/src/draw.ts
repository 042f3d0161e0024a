import type { Offer, PanelView, Reason } from '@assay/panel-model'
import { field, make, makeShape } from './make.ts'

/**
 * The whole panel, top to bottom: what to do, how bad it is, why, what else. `beside` makes what stands beside an offer: its
 * answer, or the buttons to give one.
 */
export function draw(view: PanelView, beside: (offer: Offer) => HTMLElement | null): readonly HTMLElement[] {
  const level = `h${view.headingLevel}`
  // Below the gate the facts are what helps; why there is no number comes after them.
  const first =
    view.facts === null ? [notice(view, level), action(view, level)] : [action(view, level), facts(view, level), notice(view, level)]
  const parts = [...first, score(view, level), reasons(view, level), offers(view, level, beside), details(view, level), footer(view)]
  return parts.filter((part) => part !== null)
}

function notice({ notice: said }: PanelView, level: string): HTMLElement | null {
  if (said === null) return null
  return make('section', { class: `notice ${said.tone}` }, make(level, {}, said.title), field('p', said.text))
}

function action({ action: said }: PanelView, level: string): HTMLElement | null {
  return said && make('section', { class: 'action' }, make(level, {}, said.heading), field('p', said.text))
}

function score(view: PanelView, level: string): HTMLElement | null {
  const { score: said, trend, history } = view
  if (said === null) return null
  return make(
    'section',
    { class: 'score' },
    make(level, {}, said.heading),
    make(
      'p',
      { class: 'figures' },
      make('span', { class: 'number' }, said.text),
      ' ',
      said.band === '' ? null : field('span', said.band, { class: `band ${said.tone}` }),
      ' ',
      trend &&
        make('span', { class: `trend ${trend.tone}` }, trend.arrow === '' ? null : decoration(trend.arrow), field('span', trend.text)),
    ),
    make('p', { class: 'meaning' }, field('span', `${said.meaning}.`), ` ${said.direction}`),
    history && line(history),
  )
}

function line(history: NonNullable<PanelView['history']>): HTMLElement {
  const picture = makeShape(
    'svg',
    { class: 'line', viewBox: history.viewBox, width: String(history.width), height: String(history.height), 'aria-hidden': 'true' },
    makeShape('path', { d: history.path }),
    makeShape('circle', { cx: String(history.end.x), cy: String(history.end.y), r: '3' }),
  )
  const rows = history.points.map((point) => make('tr', {}, make('td', {}, point.day), make('td', {}, point.risk)))
  const head = make('tr', {}, make('th', { scope: 'col' }, 'Day'), make('th', { scope: 'col' }, 'Risk'))
  const table = make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows))
  return make('div', { class: 'history' }, picture, make('details', {}, make('summary', {}, history.summary), table))
}

function facts({ facts: said }: PanelView, level: string): HTMLElement | null {
  if (said === null) return null
  const items = said.items.map((fact) => field('li', fact.text))
  return make('section', { class: 'facts' }, make(level, {}, said.heading), make('ul', {}, ...items))
}

function reasons({ reasons: said }: PanelView, level: string): HTMLElement | null {
  if (said === null) return null
  const list = said.items.length === 0 ? null : make('ul', {}, ...said.items.map(reason))
  return make('section', { class: 'reasons' }, make(level, {}, said.heading), list, make('p', { class: 'small' }, said.note))
}

function reason(one: Reason): HTMLElement {
  const effect = one.effect === '' ? null : make('span', { class: 'effect' }, one.arrow === '' ? null : decoration(one.arrow), one.effect)
  const restricted = one.restricted === '' ? null : make('span', { class: 'small' }, one.restricted)
  return make('li', { class: one.direction }, field('span', one.text, { class: 'what' }), ' ', effect, ' ', restricted)
}

function offers({ offers: said }: PanelView, level: string, beside: (offer: Offer) => HTMLElement | null): HTMLElement | null {
  if (said === null) return null
  const items = said.items.map((offer) =>
    make(
      'li',
      {},
      field('strong', offer.name),
      ' ',
      offer.code === '' ? null : field('span', offer.code, { class: 'code' }),
      offer.why === '' ? null : field('p', offer.why),
      beside(offer),
    ),
  )
  return make('section', { class: 'offers' }, make(level, {}, said.heading), make('ol', {}, ...items))
}

function details({ details: said }: PanelView, level: string): HTMLElement | null {
  if (said === null) return null
  const items = said.items.map((item) => make('div', {}, make('dt', {}, item.label), field('dd', item.text)))
  return make('section', { class: 'details' }, make(level, {}, said.heading), make('dl', {}, ...items))
}

function footer(view: PanelView): HTMLElement | null {
  if (view.footer === '' && view.about === '') return null
  const about = view.about === '' ? null : make('details', {}, make('summary', {}, 'About this score'), field('p', view.about))
  return make(
    'footer',
    {},
    view.footer === '' ? null : make('p', {}, view.footer),
    view.score === null && view.about !== '' ? field('p', view.about) : about,
  )
}

const decoration = (text: string): HTMLElement => make('span', { 'aria-hidden': 'true', class: 'arrow' }, text)
