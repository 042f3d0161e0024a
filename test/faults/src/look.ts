import { type App, isOwnership, openApp, readConfig, takeOwnership } from '@assay/sidecar'
import { ASSAY_TASK_MARK, KINDS, type Log } from '@assay/shared'
import type { Company } from './company.ts'

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {} }

/** Opens a company's directory in this process, between two commands; throws when somebody still owns it. */
export async function inside<T>(company: Company, work: (app: App, connection: string) => Promise<T>): Promise<T> {
  const ownership = await takeOwnership(company.home)
  if (!isOwnership(ownership)) throw new Error(`${company.home} is still owned by ${ownership.heldBy.pid ?? 'somebody'}`)
  try {
    const app = await openApp(readConfig({ ASSAY_HOME: company.home }), quiet, ownership, () => company.clock.now)
    try {
      const [connection] = await app.control.connections.list()
      return await work(app, connection?.id ?? '')
    } finally {
      await app.close()
    }
  } finally {
    await ownership.release()
  }
}

/** What the store holds, without what may differ between two runs of the same history: connection and time of arrival. */
export async function stored(app: App, connection: string): Promise<{ counts: unknown; newest: Record<string, readonly unknown[]> }> {
  const newest: Record<string, readonly unknown[]> = {}
  const counts = await app.store.counts(connection)
  for (const kind of KINDS) {
    newest[kind] = await app.store.driver.rows(
      `SELECT * EXCEPT (connection, received_at) FROM ${kind}_version WHERE connection = {connection:String}
       ORDER BY id, version DESC, received_at DESC LIMIT 1 BY id`,
      { connection },
    )
  }
  return { counts, newest }
}

/** Every score of the run that counts as the last one. */
export async function lastScores(app: App, connection: string): Promise<readonly unknown[]> {
  const last = await app.control.decisions.get<{ run: string }>(connection, 'scores')
  return app.store.driver.rows(
    `SELECT object, id, miner, as_of, fields, probability, signs, unscored FROM score_log
     WHERE connection = {connection:String} AND run = {run:String}
     ORDER BY object, id, miner, scored_at DESC, received_at DESC LIMIT 1 BY object, id, miner`,
    { connection, run: last?.run ?? '' },
  )
}

/** Assay's fields of every company, as the CRM holds them. */
export function fieldsInCrm(company: Company, ids: readonly string[]): Record<string, Record<string, string | null>> {
  return Object.fromEntries(
    ids.map((id) => {
      const properties = company.crm.get('companies', id)?.properties ?? {}
      return [id, Object.fromEntries(Object.entries(properties).filter(([name]) => name.startsWith('assay_')))]
    }),
  )
}

/** The same without the instant of scoring, which follows the clock of each run. */
export const withoutInstants = (fields: ReturnType<typeof fieldsInCrm>): unknown =>
  Object.fromEntries(Object.entries(fields).map(([id, all]) => [id, { ...all, assay_scored_at: null }]))

/** The key that a task of Assay's carries in its body, with what a person sees of the task. */
export function tasksByKey(company: Company): Map<string, { subject: string; status: string; body: string }[]> {
  const found = new Map<string, { subject: string; status: string; body: string }[]>()
  for (const { properties } of company.crm.tasks()) {
    const body = properties['hs_task_body'] ?? ''
    const at = body.lastIndexOf(ASSAY_TASK_MARK)
    if (at < 0) continue
    const key = body.slice(at + ASSAY_TASK_MARK.length, body.indexOf(']', at))
    const task = { subject: properties['hs_task_subject'] ?? '', status: properties['hs_task_status'] ?? '', body }
    found.set(key, [...(found.get(key) ?? []), task])
  }
  return found
}
