import { MODULE_NAMES, type ModuleName } from './modules.ts'

/**
 * SuiteCRM's ids and the world's. An id is six fixed digits and two of the module, seven digits of the run that made it, and the world's own
 * number in twelve hexadecimal digits: either id tells the other, both sort alike, and what a run left behind is found by its beginning.
 */
export const OURS = 'a55a50'
const NO_RUN = '0000000'

const prefixOf = (module: ModuleName): string => OURS + MODULE_NAMES.indexOf(module).toString(16).padStart(2, '0')

/** `run`: seven hexadecimal digits. */
export const suiteId = (module: ModuleName, worldId: string | number, run = NO_RUN): string =>
  `${prefixOf(module)}-${run.slice(0, 4)}-4${run.slice(4, 7)}-8000-${Number(worldId).toString(16).padStart(12, '0')}`

/** The world's id of a record, which scores of several CRMs can be compared by. */
export const worldIdOf = (id: string): string => String(Number.parseInt(id.slice(24), 16))
