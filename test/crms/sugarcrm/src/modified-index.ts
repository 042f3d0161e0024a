import { modifiedIndex as indexOf } from '@assay/stand-in'
import type { ModuleName } from './modules.ts'
import type { Row } from './values.ts'

/** Which rows of the source were last modified when: what the index on date_modified is in Sugar's database. */
export interface ModifiedIndex {
  /** Ids of the rows modified in [from, to], by instant and id. */
  between(module: ModuleName, from: number, to: number, backwards: boolean): Iterable<string>
}

export function modifiedIndex(rows: Iterable<readonly [ModuleName, Row]>): ModifiedIndex {
  const index = indexOf(stamped(rows))
  return {
    *between(module, from, to, backwards) {
      const modified = index.get(module)
      if (modified === undefined) return
      const { ids } = modified
      const [first, end] = [modified.from(from), modified.after(to)]
      if (backwards) for (let position = end - 1; position >= first; position -= 1) yield ids[position] ?? ''
      else for (let position = first; position < end; position += 1) yield ids[position] ?? ''
    },
  }
}

function* stamped(rows: Iterable<readonly [ModuleName, Row]>): Generator<{ table: ModuleName; id: string; at: number }> {
  for (const [table, row] of rows) yield { table, id: String(row['id']), at: Number(row['date_modified']) }
}
