/** What goes back over the wire. */
export interface Reply {
  readonly status: number
  /** Encoded as JSON; undefined sends no body. */
  readonly body?: unknown
  /** Sent as it is, instead of a JSON body. */
  readonly page?: string
  readonly headers?: Readonly<Record<string, string>>
}

export const ok = (body: unknown): Reply => ({ status: 200, body })
/** PHP broke down: a 500 and not a word. */
export const broken = (): Reply => ({ status: 500 })
/** A failure of v4_1. */
export const fault = (name: string, number: number, description: string): Reply => ok({ name, number, description })
/** A refusal of V8: an object, not a list, and mostly 400. */
export const refusal = (detail: string, status = 400): Reply => ({ status, body: { errors: { status, title: null, detail } } })
export const denied = (): Reply => refusal('[SuiteCRM] [AccessDeniedException] ')
