import { openIdSet as openSet, type IdSet } from '@assay/shared'

/** A set of ids of Salesforce, of which only the first 15 characters count. */
export const openIdSet = (): IdSet => openSet({ characters: 15 })
