/** Pieces of SOQL. Instants and ids stand bare or quoted as the language wants them. */

export const instantText = (at: number): string => new Date(at).toISOString()

/** A text inside a query, with what would end it made harmless. */
export const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

export const listed = (ids: readonly string[]): string => `(${ids.map(quoted).join(',')})`

/** So many ids keep a query's address below Salesforce's limit (16 KB, a quote being three characters there). */
export const IDS_PER_QUERY = 400

export const chunked = <T>(all: readonly T[], size: number): T[][] => {
  const chunks: T[][] = []
  for (let at = 0; at < all.length; at += size) chunks.push(all.slice(at, at + size))
  return chunks
}

const ID = /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/
/** Whether a text can be an id at all: a query with one that cannot is refused as a whole. */
export const isId = (text: string): boolean => ID.test(text)
