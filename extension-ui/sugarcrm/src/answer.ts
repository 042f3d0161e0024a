import { buildPanel, type Offer, type PanelView } from '../../panel-model/src/index.ts'
import type { Kept } from '../../panel/src/answering.ts'
import type { Press } from '../../panel/src/element.ts'
import { answerDayField, answerField, isDenied, isThere, OWN_FIELDS, panelFields } from './fields.ts'
import { type App, type Bean, type Refusal, refusalOf } from './sidecar.ts'
import { fetched } from './whose.ts'

export interface Customer {
  readonly bean: Bean
  readonly module: string
}

/** Whether this person may answer offers: the right is asked for before a button is shown. */
export const mayAnswer = (app: App, { bean }: Customer): boolean => {
  const field = answerField('1')
  return isThere(bean, field) && !isDenied(bean, field, 'write') && app.acl?.hasAccessToModel?.('edit', bean, field) !== false
}

/** Writes answers into the record with the viewer's own rights. One keeper per drawing: it knows of the changes that it made itself. */
export function keeper(app: App, { bean, module }: Customer, now: () => Date): (press: Press) => Promise<Kept> {
  const id = String(bean.get('id'))
  let modified = stampOf(bean.attributes)
  const save = async ({ offer, value }: Press): Promise<Refusal | null> => {
    const day = answerDayField(offer.rank)
    const values = {
      [answerField(offer.rank)]: value ?? '',
      ...(isThere(bean, day) && !isDenied(bean, day, 'write') ? { [day]: value === null ? null : dayOf(now()) } : {}),
    }
    const answer = await updated(app, module, id, values, modified)
    if ('status' in answer) return answer
    modified = answer.modified || modified
    return null
  }
  return async (press) => {
    let refusal = await save(press)
    if (refusal !== null && isConflict(refusal)) {
      // Something on the record changed meanwhile. The offer is what matters: the answer to another one is worse than none.
      const fresh = await fetched(app, module, id, OWN_FIELDS)
      if ('status' in fresh) refusal = fresh
      else if (!isStillThere(press.offer, fresh)) return { kept: 'changed' }
      else {
        modified = stampOf(fresh.attributes)
        refusal = await save(press)
        if (refusal !== null && isConflict(refusal)) return { kept: 'changed' }
      }
    }
    return refusal === null ? { kept: true, text: '' } : { kept: false, why: refusal.text }
  }
}

/** When the record was modified last, as Sugar writes it; '' where it does not say. */
function stampOf(record: unknown): string {
  const stamp = (record as { readonly date_modified?: unknown } | null | undefined)?.date_modified
  return typeof stamp === 'string' ? stamp : ''
}

const isConflict = ({ status }: Refusal): boolean => status === 409

function isStillThere(offer: Offer, bean: Bean): boolean {
  const { offers }: PanelView = buildPanel(panelFields(bean), { now: 0 })
  return offers?.items.some((one) => one.key === offer.key && one.name === offer.name && one.code === offer.code) === true
}

const updated = (
  app: App,
  module: string,
  id: string,
  values: Readonly<Record<string, unknown>>,
  modified: string,
): Promise<Refusal | { readonly modified: string }> =>
  new Promise((resolve) => {
    const url = app.api.buildURL(`${module}/${encodeURIComponent(id)}`)
    const success = (record: unknown): void => resolve({ modified: stampOf(record) })
    const options = { headers: modified === '' ? {} : { 'X-TIMESTAMP': modified } }
    app.api.call('update', url, values, { success, error: (...said) => resolve(refusalOf(said)) }, options)
  })

/** "2026-11-22", as the person who answers counts days. */
const dayOf = (now: Date): string =>
  [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
