import type { Instance } from './instance.ts'
import type { Link, ModuleName } from './modules.ts'
import type { Row } from './values.ts'

/** Live rows at the other end of a link. */
export function linkedRows(instance: Instance, module: ModuleName, row: Row, link: Link): Row[] {
  const { store } = instance
  const id = String(row['id'])
  if (link.via === 'ours') {
    const other = row[link.field]
    const found = typeof other === 'string' ? store.row(link.module, other) : null
    return found === null || found['deleted'] === true ? [] : [found]
  }
  const rows = store.below(link.module, [id]) ?? store.after(link.module, null)
  return [...rows].filter(
    (each) => each['deleted'] !== true && each[link.field] === id && (link.via !== 'parent' || each['parent_type'] === module),
  )
}

/** Ties two records together. */
export function tie(instance: Instance, module: ModuleName, id: string, link: Link, otherId: string, userId: string): void {
  // Tying records together leaves their date_modified alone: a trap that readers of changes must know.
  if (link.via === 'ours') instance.store.write(module, id, { [link.field]: otherId })
  else
    instance.store.write(link.module, otherId, {
      [link.field]: id,
      ...(link.via === 'parent' ? { parent_type: module } : {}),
      modified_user_id: userId,
    })
}

export function untie(instance: Instance, module: ModuleName, id: string, link: Link, otherId: string): void {
  if (link.via === 'ours') instance.store.write(module, id, { [link.field]: null })
  else instance.store.write(link.module, otherId, { [link.field]: null, ...(link.via === 'parent' ? { parent_type: null } : {}) })
}
