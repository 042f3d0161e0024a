/** More than this part of what was known, gone at once, is no cleaning up: somebody took a right away. */
const LARGEST_LOSS = 0.2
/** Below so many it may well be cleaning up. */
const FEW = 100

/** Whether so many records, of those that were compared with what the CRM shows now, are more than can have been deleted. */
export const isLargeLoss = (lost: number, compared: number): boolean => lost > FEW && lost > compared * LARGEST_LOSS

/** Whether any record is held as living. */
export const holdsAny = async (known: () => AsyncIterable<readonly string[]>): Promise<boolean> => {
  for await (const ids of known()) if (ids.length > 0) return true
  return false
}
