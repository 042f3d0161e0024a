import { MODULE_NAMES, MODULES, type ModuleName } from './modules.ts'

/**
 * Sugar's ids and the world's. An id is eight digits of the module, a fixed middle, and the world's own number in twelve hexadecimal digits, so
 * that either id tells the other and both sort alike. Only the admin's is not of that form, as in every Sugar: it is `1`.
 */
const MIDDLE = '-0000-4000-8000-'

export const idOf = (module: ModuleName, number: number): string =>
  `${MODULES[module].prefix}${MIDDLE}${number.toString(16).padStart(12, '0')}`

/** The number in an id; NaN where it is not of that form. */
export const numberOf = (id: string): number =>
  id.slice(8, 24) === MIDDLE && id.length === 36 ? Number.parseInt(id.slice(24), 16) : Number.NaN

/** The Sugar id of a record of the world. */
export const sugarId = (module: ModuleName, worldId: string): string => idOf(module, Number(worldId))

/** The world's id of a record, which scores of several CRMs can be compared by. */
export const worldIdOf = (id: string): string => String(numberOf(id))

const BY_PREFIX = new Map(MODULE_NAMES.map((name) => [MODULES[name].prefix, name]))

export const moduleOfId = (id: string): ModuleName | null => BY_PREFIX.get(id.slice(0, 8)) ?? null
