/** What goes back over the wire. */
export interface Reply {
  readonly status: number
  /** Encoded as JSON; undefined sends no body. */
  readonly body?: unknown
  /** Sent as it is, in one piece or several, instead of a JSON body. */
  readonly raw?: { readonly text: string | readonly string[]; readonly contentType: string }
  readonly headers?: Readonly<Record<string, string>>
}

/** An error that ends the handling of a request with an answer. A CRM may say more with it. */
export interface Refusal extends Error {
  readonly reply: Reply
}

export const isRefusal = (error: unknown): error is Refusal => error instanceof Error && 'reply' in error

/** The bytes that go over the wire. */
export function payloadOf({ raw, body }: Reply): Buffer {
  const text = raw?.text ?? (body === undefined ? '' : JSON.stringify(body))
  return typeof text === 'string' ? Buffer.from(text) : Buffer.concat(text.map((part) => Buffer.from(part)))
}

export const ok = (body: unknown): Reply => ({ status: 200, body })
export const noContent: Reply = { status: 204 }
