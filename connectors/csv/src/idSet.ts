import { openIdSet, type IdSet } from '@assay/shared'

/** Ids that a set holds at most: beyond it, memory would grow with the file (16 million ids are 256 MB). */
const MOST_IDS = 1 << 24

/** A set for the ids or lines of one file. */
export const idSet = (): IdSet => openIdSet({ most: MOST_IDS })
