/** Values by property name; one that is not there is one that the viewer may not read. */
export type Properties = Record<string, string | null>

/** What a stand-in portal knows, and which of its records is open. Plain JSON, so that a test can hand it to a page. */
export interface Portal {
  /** `0-1` contact, `0-2` company, `0-3` deal. */
  readonly open: { readonly objectTypeId: string; readonly objectId: number }
  /** By type and id: `0-2:7001`. */
  readonly records: Record<string, Properties>
  /** Companies of the open record. */
  readonly associated?: readonly { readonly toObjectId: number; readonly typeId: number; readonly label: string | null }[]
  /** With these words every question is answered by HubSpot from now on. */
  readonly error?: string | null
  /** Questions are not answered yet. */
  readonly held?: boolean
  readonly locale?: string
}

/** What somebody chose in a property list. */
export interface Save {
  readonly record: string
  readonly property: string
  readonly value: string | null
}

/** What the page asks of its worker and the other way round, over remote-ui's RPC. */
export interface WorkerSide {
  render(channel: unknown, portal: Portal): Promise<void>
}
export interface PageSide {
  properties(names: readonly string[], changed: (properties: Properties) => void): Promise<Answer<Properties>>
  associations(names: readonly string[]): Promise<Answer<{ results: unknown[]; hasMore: boolean; nextOffset: number }>>
}
export type Answer<T> = { readonly data: T } | { readonly error: string }
