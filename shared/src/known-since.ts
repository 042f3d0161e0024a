/** How a version came to us, which decides since when the company knew it (see `knownSince`). */
export type Seen = 'first' | 'changed'

/**
 * Since when the company knew what this version says (epoch ms). A change that was seen as one is known from its own instant. Of a
 * record seen for the first time only today's values are known: it is dated to its creation (a closed deal to its closing,
 * if that was earlier: an imported one), so that it exists on earlier days; values filled in later are the miners' to distrust.
 */
export const knownSince = (
  seen: Seen,
  at: { readonly created: number | null; readonly modified: number; readonly closed?: number | null },
): number => {
  if (seen === 'changed') return at.modified
  const created = at.created ?? at.modified
  return Math.min(created, at.closed ?? created)
}
