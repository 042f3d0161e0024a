import type { ModuleName } from './modules.ts'
import type { Sessions } from './sessions.ts'
import type { Store } from './store.ts'

/** Where one SuiteCRM differs from another. */
export interface Quirks {
  /** How a call of v4_1 finds its arguments: by their names (7.14 on PHP 8), or by their places (7.15, PHP 7). */
  readonly argumentsBy: 'name' | 'place'
  /** What V8 writes behind its instants; the digits are UTC all the same. */
  readonly offset: string
  /** Counting rows is switched off. */
  readonly countsRows: boolean
}

/** What came in through an API and changed something. */
export interface Write {
  readonly road: 'V8' | 'v4_1'
  readonly method: 'create' | 'update' | 'delete'
  readonly module: ModuleName
  readonly id: string
  readonly values: Readonly<Record<string, unknown>>
}

/** One SuiteCRM: what HTTP knows nothing of. */
export interface ServerState {
  readonly store: Store
  readonly sessions: Sessions
  readonly quirks: Quirks
  readonly writes: Write[]
  /** Denied to the integration user: a module as a whole, or editing in it. */
  readonly denied: ReadonlySet<string>
  /** What an admin forbids to be written (a logic hook that breaks down). */
  readonly breaks: ReadonlySet<string>
  /** Modules whose list breaks down. */
  readonly brokenLists: ReadonlySet<string>
}

export const isDenied = ({ denied }: ServerState, user: string, module: string, what?: 'edit'): boolean =>
  user !== 'admin' && (denied.has(module) || (what === 'edit' && denied.has(`${module} edit`)))
