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
const pageOf = ({ status, body }: PartAnswer): WirePage | null =>
  status >= 300 || typeof body !== 'object' ? null : (body as WirePage | null)

const nextOf = ({ next_offset: next = -1 }: WirePage): number => Number(next)

/** The rest of a long log. */
const further = async ({ client }: Instance, id: string, first: WirePage): Promise<WireRecord[]> => {
  const lines = [...first.records]
  for (let offset = nextOf(first); offset > 0;) {
    const answer = await client.call({ path: pathOf(id, offset), accept: [403, 404] })
    const next = answer.status >= 300 ? null : (answer.body as WirePage | null)
    lines.push(...(next?.records ?? []))
    offset = next === null || next.records.length === 0 ? -1 : nextOf(next)
  }
  return lines
}

/** The whole history of these deals; what is not audited has none. A deal whose log is not shown has the first values only. */
export const historiesOf = async (instance: Instance, deals: readonly WireRecord[], context: Context): Promise<CrmRecord[]> => {
  const audited = await auditedFields(instance)
  if (audited.size === 0 || deals.length === 0) return []
  const records: CrmRecord[] = []
  let hidden = 0
  for (const some of chunked(deals, TOGETHER)) {
    instance.host.signal.throwIfAborted()
    const answers = await instance.client.bulk(some.map((deal) => ({ method: 'GET', path: pathOf(idOf(deal), 0) })))
    for (const [at, deal] of some.entries()) {
      const answer = answers[at]
      const first = answer === undefined ? null : pageOf(answer)
      if (first === null) hidden += 1
      const lines = first === null ? [] : await further(instance, idOf(deal), first)
      records.push(...historyOf(deal, lines, audited, context))
    }
  }
  if (hidden > 0) instance.host.log.warn('Sugar did not show the audit log of some deals', { deals: hidden })
  return records
}
