import type { Control } from './control.ts'
import { toInstant, toJson } from './parsers.ts'
import type { Scope } from './scope.ts'

type Audit = Control['audit']

export function audit({ database, organisation, now }: Scope): Audit {
  return {
    async add(actor, action, detail) {
      await database.query('insert into assay.audit (org_id, at, actor, action, detail) values ($1, $2::timestamptz, $3, $4, $5::json)', [
        organisation,
        toInstant(now()),
        actor,
        action,
        toJson(detail),
      ])
    },
    list: (limit) =>
      database.query<Awaited<ReturnType<Audit['list']>>[number]>(
        'select at, actor, action, detail from assay.audit where org_id = $1 order by seq desc limit $2',
        [organisation, limit],
      ),
  }
}
