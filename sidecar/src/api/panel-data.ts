import type { ScoreObject } from '@assay/shared'
import { PANEL_FIELDS, type PanelFields } from '@assay/panel-model'
import type { App } from '../app.ts'
import { POLICY_DECISION, publishPolicy } from '../flow/publish/policy.ts'
import { publishedRecord } from '../store/publishing.ts'
import { recordName } from '../store/record-names.ts'

/** What the panel page gets: the published fields of one record and what people call it, nothing else. */
export interface PanelData {
  readonly fields: PanelFields
  readonly name: string | null
  /** Whose scores these are, where the record has none of its own. */
  readonly from: { readonly object: ScoreObject; readonly name: string | null } | null
  readonly staleAfterDays: number
}

interface Meant {
  readonly connection: string
  readonly object: ScoreObject
  readonly id: string
}

/** Days that a refresh may come late before the panel warns: a weekend and a failed night. */
const LATE_DAYS = 3

/** Contacts and deals show the scores of their customer when they have none of their own. Throws what the planes throw. */
export async function panelData(app: App, meant: Meant): Promise<PanelData> {
  const now = app.now()
  const known = await recordName(app.store, meant.connection, meant.object, meant.id, now)
  const policy = publishPolicy.parse((await app.control.decisions.get(meant.connection, POLICY_DECISION)) ?? {})
  const found = { name: known?.name ?? null, staleAfterDays: policy.refreshDays + LATE_DAYS }
  const own = await publishedRecord(app.store, meant.connection, meant.object, known?.id ?? meant.id)
  if (own !== null) return { ...found, fields: panelFields(own.fields), from: null }
  for (const customer of known?.customers ?? []) {
    const named = await recordName(app.store, meant.connection, customer.object, customer.id, now)
    const theirs = await publishedRecord(app.store, meant.connection, customer.object, named?.id ?? customer.id)
    if (theirs !== null)
      return { ...found, fields: panelFields(theirs.fields), from: { object: customer.object, name: named?.name ?? null } }
  }
  return { ...found, fields: panelFields({}), from: null }
}

/**
 * A published field that is missing is empty. Restricted signs stay in the CRM, behind their own permission: whoever has the
 * link may pass it on.
 */
function panelFields(published: Readonly<Record<string, string>>): PanelFields {
  return Object.fromEntries(PANEL_FIELDS.filter((name) => name !== 'churn_signs_restricted').map((name) => [name, published[name] ?? null]))
}
