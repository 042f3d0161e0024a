import { OFFER_RANKS, type ScoreObject } from '@assay/shared'
import { PANEL_FIELDS, type PanelFields } from '@assay/panel-model'
import type { App } from '../app.ts'
import { POLICY_DECISION, publishPolicy } from '../flow/publish/policy.ts'
import { offerIn } from '../flow/sync/answers.ts'
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

export interface Meant {
  readonly connection: string
  readonly object: ScoreObject
  readonly id: string
}

type Published = Readonly<Record<string, string>>

/** The record that was asked for, and the customer whose fields it shows; null where nothing was published for it. */
interface Shown {
  readonly name: string | null
  readonly customer: { readonly meant: Meant; readonly name: string | null; readonly own: boolean; readonly fields: Published } | null
}

/** Days that a refresh may come late before the panel warns: a weekend and a failed night. */
const LATE_DAYS = 3

/** Contacts and deals show the scores of their customer when they have none of their own. Throws what the planes throw. */
export async function panelData(app: App, meant: Meant): Promise<PanelData> {
  const { name, customer } = await shownFor(app, meant)
  const policy = publishPolicy.parse((await app.control.decisions.get(meant.connection, POLICY_DECISION)) ?? {})
  return {
    fields: panelFields({ ...customer?.fields, ...(customer === null ? {} : await answers(app, customer.meant, customer.fields)) }),
    name,
    from: customer === null || customer.own ? null : { object: customer.meant.object, name: customer.name },
    staleAfterDays: policy.refreshDays + LATE_DAYS,
  }
}

export async function shownFor(app: App, { connection, object, id }: Meant): Promise<Shown> {
  const now = app.now()
  const known = await recordName(app.store, connection, object, id, now)
  const name = known?.name ?? null
  const meant = { connection, object, id: known?.id ?? id }
  // What stands on a deal itself is its win chance; the panel is about the customer.
  const own = object === 'deal' ? null : await publishedRecord(app.store, connection, object, meant.id)
  if (own !== null) return { name, customer: { meant, name, own: true, fields: own.fields } }
  for (const customer of known?.customers ?? []) {
    const named = await recordName(app.store, connection, customer.object, customer.id, now)
    const theirs = { connection, object: customer.object, id: named?.id ?? customer.id }
    const published = await publishedRecord(app.store, connection, theirs.object, theirs.id)
    if (published !== null) return { name, customer: { meant: theirs, name: named?.name ?? null, own: false, fields: published.fields } }
  }
  return { name, customer: null }
}

/** What stands as answer beside each offer: the last one that was given for it. */
async function answers(app: App, { connection, object, id }: Meant, fields: Published): Promise<Published> {
  const given = await app.control.feedback.of(connection, object, id)
  return Object.fromEntries(
    OFFER_RANKS.flatMap((rank) => {
      const offer = offerIn(fields, rank)
      const last = given.findLast((one) => one.offer === offer)
      return last === undefined ? [] : [[`offer_${rank}_response`, last.response]]
    }),
  )
}

/**
 * A published field that is missing is empty. Restricted signs stay in the CRM, behind their own permission: whoever has the
 * link may pass it on.
 */
function panelFields(published: Published): PanelFields {
  return Object.fromEntries(PANEL_FIELDS.filter((name) => name !== 'churn_signs_restricted').map((name) => [name, published[name] ?? null]))
}
