import { AssayError } from '@assay/shared'
import type { CrmRecord } from '@assay/shared'
import type { PartAnswer } from './client.ts'
import type { Instance } from './instance.ts'
import { historyOf, idOf, type Context } from './map.ts'
import { HISTORY_FIELDS } from './modules.ts'
import { chunked } from './query.ts'
import type { WirePage, WireRecord } from './wire.ts'

/** So many audit logs are asked for in one call. */
const TOGETHER = 40
/** Lines of one log in one answer. */
const LINES = 200

/** The fields of a deal whose changes Sugar writes down. */
export const auditedFields = async (instance: Instance): Promise<ReadonlySet<string>> => {
  const shown = await instance.fields('Opportunities')
  return new Set(Object.keys(HISTORY_FIELDS).filter((name) => shown?.get(name)?.audited === true))
}

const pathOf = (id: string, offset: number): string => `/Opportunities/${encodeURIComponent(id)}/audit?max_num=${LINES}&offset=${offset}`
/** What says that this log is not for us. Everything else is trouble of the moment, which says nothing of the log. */
const HIDDEN: readonly number[] = [403, 404]

const pageOf = ({ status, body }: PartAnswer): WirePage | null => {
  const { records } = (status < 300 && typeof body === 'object' && body !== null ? body : {}) as Partial<WirePage>
  return Array.isArray(records) ? (body as WirePage) : null
}

const nextOf = ({ next_offset: next = -1 }: WirePage): number => Number(next)

/** A page of a log, asked for by itself; null where the log is not shown. Rejects on every other trouble, once what helps was tried. */
const askFor = async ({ client }: Instance, id: string, offset: number): Promise<WirePage | null> => {
  const answer = await client.call({ path: pathOf(id, offset), accept: HIDDEN })
  if (HIDDEN.includes(answer.status)) return null
  const page = pageOf(answer)
  if (page === null) throw new AssayError('data', "Sugar's answer to a question for an audit log has no lines in it.")
  return page
}

/** A whole log; null where it is not shown. `answer`: what was said to the first question, made with those of others in one call. */
const logOf = async (instance: Instance, id: string, answer: PartAnswer | undefined): Promise<WireRecord[] | null> => {
  if (answer !== undefined && HIDDEN.includes(answer.status)) return null
  // A call in a call that failed is nobody's word on the log: taken for one, today's values would count as known from the beginning.
  let page = (answer === undefined ? null : pageOf(answer)) ?? (await askFor(instance, id, 0))
  const lines: WireRecord[] = []
  while (page !== null) {
    lines.push(...page.records)
    const offset = nextOf(page)
    if (!(offset > 0) || page.records.length === 0) return lines
    page = await askFor(instance, id, offset)
  }
  return null
}

/** The whole history of these deals; what is not audited has none, nor has a deal whose log is not shown. */
export const historiesOf = async (instance: Instance, deals: readonly WireRecord[], context: Context): Promise<CrmRecord[]> => {
  const audited = await auditedFields(instance)
  if (audited.size === 0 || deals.length === 0) return []
  const records: CrmRecord[] = []
  let hidden = 0
  for (const some of chunked(deals, TOGETHER)) {
    instance.host.signal.throwIfAborted()
    const answers = await instance.client.bulk(some.map((deal) => ({ method: 'GET', path: pathOf(idOf(deal), 0) })))
    for (const [at, deal] of some.entries()) {
      const lines = await logOf(instance, idOf(deal), answers[at])
      if (lines === null) hidden += 1
      else records.push(...historyOf(deal, lines, audited, context))
    }
  }
  if (hidden > 0) instance.host.log.warn('Sugar did not show the audit log of some deals: they have no history', { deals: hidden })
  return records
}
