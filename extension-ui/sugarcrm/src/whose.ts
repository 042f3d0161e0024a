import { ACCOUNT_FIELDS, hasFields, hasScores, isThere, OWN_FIELDS } from './fields.ts'
import { type App, type Bean, type Refusal, refusalOf } from './sidecar.ts'

/** Modules on whose records the dashlet stands, and what people call one of them. */
export const CALLED: Readonly<Record<string, string>> = { Accounts: 'account', Contacts: 'contact', Opportunities: 'opportunity' }

/** Whose scores to show. `from`: the name of the account, where they are not the record's own. */
export type Found =
  | { readonly found: 'customer'; readonly bean: Bean; readonly module: string; readonly from: string | null }
  | { readonly found: 'no account' }
  | { readonly found: 'hidden account' }
  | { readonly found: 'out of reach' }
  | { readonly found: 'failed'; readonly why: string }

const DENIED: ReadonlySet<number> = new Set([403, 404])

/** A contact shows its own scores where contacts are the customers, else those of its account; an opportunity those of its account. */
export async function whose(app: App, module: string, id: string): Promise<Found> {
  const fields = module === 'Accounts' ? OWN_FIELDS : module === 'Contacts' ? [...OWN_FIELDS, ...ACCOUNT_FIELDS] : ACCOUNT_FIELDS
  const record = await fetched(app, module, id, fields)
  if ('status' in record) return DENIED.has(record.status) ? { found: 'out of reach' } : { found: 'failed', why: record.text }
  const itself: Found = { found: 'customer', bean: record, module, from: null }
  if (module === 'Accounts' || hasScores(record)) return itself

  const accountId = record.get('account_id')
  // Where contacts are the customers they have the fields, and accounts have not.
  if (typeof accountId !== 'string' || accountId === '') {
    if (hasFields(record)) return itself
    return { found: isThere(record, 'account_id') ? 'no account' : 'hidden account' }
  }
  const account = await fetched(app, 'Accounts', accountId, OWN_FIELDS)
  if ('status' in account) return DENIED.has(account.status) ? { found: 'hidden account' } : { found: 'failed', why: account.text }
  if (hasFields(record) && !hasFields(account)) return itself
  const name = account.get('name') ?? record.get('account_name')
  return { found: 'customer', bean: account, module: 'Accounts', from: typeof name === 'string' ? name : '' }
}

/** The record with these fields, or what Sugar said instead. */
export const fetched = (app: App, module: string, id: string, fields: readonly string[]): Promise<Bean | Refusal> =>
  new Promise((resolve) => {
    const bean = app.data.createBean(module, { id })
    bean.fetch({ fields, showAlerts: false, success: () => resolve(bean), error: (...said) => resolve(refusalOf(said)) })
  })
