import { createHash } from 'node:crypto'

/** Begins the id of every task that Assay makes: none of these is anybody's activity. */
const OURS = 'a55a7a5c-'

/**
 * The id of the task of that key. SuiteCRM takes the id that it is given and refuses it a second time, for ever: so one key is one task,
 * whatever was heard of the call that made it.
 */
export const taskIdOf = (key: string): string => {
  const hash = createHash('sha256').update(key).digest('hex')
  return `${OURS}${hash.slice(0, 4)}-4${hash.slice(5, 8)}-8${hash.slice(9, 12)}-${hash.slice(12, 24)}`
}

export const isAssayTask = (id: string): boolean => id.startsWith(OURS)
