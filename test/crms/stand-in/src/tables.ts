import type { Bundle, BundleKind, World } from '@assay/worlds'
import { bundleAfter, bundlesOf } from './bundles.ts'
import { createKept } from './kept.ts'

const KEPT_TABLES = 2_000
const COUNTED_BUNDLES = 1_000

/** What a CRM makes of a world. Ids sort like the world's. */
export interface Shape<Name extends string, Row> {
  /** Tables that do not come out of bundles, whole. */
  readonly flat: Readonly<Partial<Record<Name, readonly Row[]>>>
  /** Tables that come out of bundles, with the kind whose ids tell the bundle. */
  readonly kinds: Readonly<Partial<Record<Name, BundleKind>>>
  /** Which table an id belongs to, whether or not it is a record; null when to none. */
  readonly tableOf: (id: string) => Name | null
  /** The world's id that tells the bundle. */
  readonly worldIdOf: (id: string, table: Name) => string
  /** Ascending by id, deleted ones too. */
  readonly rowsOf: (bundle: Bundle, table: Name) => readonly Row[]
  readonly idOf: (row: Row) => string
  readonly isDeleted: (row: Row) => boolean
}

/** A generated world as tables, bundle by bundle: a page costs the bundles it touches, and the last ones are kept. */
export interface Tables<Name extends string, Row> {
  /** Deleted or not; null when there is none. */
  readonly get: (table: Name, id: string) => Row | null
  /** Rows with a greater id, ascending by id, deleted ones too. */
  readonly after: (table: Name, id: string | null) => Iterable<Row>
  /** Rows that hang on one of these parents, whatever the table; null where they cannot be found without reading everything. */
  readonly below: (table: Name, parents: readonly string[]) => readonly Row[] | null
  /** About how many live rows there are: of a large company a sample is counted. */
  readonly count: (table: Name) => number
  /** Every row that comes out of a bundle. */
  readonly bundled: () => Iterable<readonly [Name, Row]>
  /** The bundle an id belongs to; null when to none. */
  readonly bundleOf: (table: Name, id: string) => Bundle | null
}

export function tablesOf<Name extends string, Row>(world: World, shape: Shape<Name, Row>): Tables<Name, Row> {
  const { flat, kinds, rowsOf, idOf } = shape
  const bundles = bundlesOf(world)

  const locate = (table: Name, id: string): number | null => {
    const kind = kinds[table]
    return kind === undefined || shape.tableOf(id) !== table ? null : world.locate(kind, shape.worldIdOf(id, table))
  }

  /** Rows are asked for by id one after the other, mostly of the same bundle: those of the last ones are at hand. */
  const kept = createKept<ReadonlyMap<string, Row>>(KEPT_TABLES)
  const rowsAt = (position: number, table: Name): ReadonlyMap<string, Row> =>
    kept(`${table} ${position}`, () => new Map(rowsOf(bundles.at(position), table).map((row) => [idOf(row), row])))

  const firstAfter = (table: Name, id: string): number =>
    locate(table, id) ??
    bundleAfter(
      world.size,
      (position) => [...rowsAt(position, table).keys()].at(-1),
      (last) => last <= id,
    )

  return {
    get(table, id) {
      const rows = flat[table]
      if (rows !== undefined) return rows.find((row) => idOf(row) === id) ?? null
      const position = locate(table, id)
      return position === null ? null : (rowsAt(position, table).get(id) ?? null)
    },
    *after(table, id) {
      const rows = flat[table]
      if (rows !== undefined) {
        for (const row of rows) if (id === null || idOf(row) > id) yield row
        return
      }
      if (kinds[table] === undefined) return
      for (let position = id === null ? 0 : firstAfter(table, id); position < world.size; position += 1)
        for (const row of rowsOf(bundles.at(position), table)) if (id === null || idOf(row) > id) yield row
    },
    below(table, parents) {
      const rows = flat[table]
      if (rows !== undefined) return rows
      const positions = new Set<number>()
      for (const id of parents) {
        const parent = shape.tableOf(id)
        // What belongs to a user or a product is all over the company.
        if (parent === null || kinds[parent] === undefined) return null
        const position = locate(parent, id)
        if (position !== null) positions.add(position)
      }
      return [...positions].sort((left, right) => left - right).flatMap((position) => [...rowsAt(position, table).values()])
    },
    count(table) {
      const rows = flat[table]
      if (rows !== undefined) return rows.length
      if (kinds[table] === undefined) return 0
      const step = Math.max(1, Math.floor(world.size / COUNTED_BUNDLES))
      let counted = 0
      let looked = 0
      for (let position = 0; position < world.size; position += step) {
        for (const row of rowsOf(bundles.at(position), table)) if (!shape.isDeleted(row)) counted += 1
        looked += 1
      }
      return looked === 0 ? 0 : Math.round((counted / looked) * world.size)
    },
    *bundled() {
      const tables = Object.keys(kinds) as Name[]
      for (let position = 0; position < world.size; position += 1) {
        const bundle = bundles.passing(position)
        for (const table of tables) for (const row of rowsOf(bundle, table)) yield [table, row]
      }
    },
    bundleOf(table, id) {
      const position = locate(table, id)
      return position === null ? null : bundles.at(position)
    },
  }
}
