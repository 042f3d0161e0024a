import type { z } from 'zod'
import type { App } from '../app.ts'

/** What long work says while it goes on. `total` is null where nobody knows it. */
export interface Progress {
  readonly step: string
  readonly detail: string
  readonly done?: number
  readonly total?: number | null
}
export type Tell = (progress: Progress) => void

/**
 * One thing that can be done with an Assay, by a command or over the API: the same code either way. Input and output
 * are plain JSON. It changes nothing before its input was checked.
 */
export interface Operation<I = unknown, O = unknown> {
  readonly name: string
  readonly input: z.ZodType<I>
  run(app: App, input: I, tell: Tell, signal: AbortSignal): Promise<O>
}

/** Keeps the types of one operation while a list of them forgets them. */
export const operation = <I, O>(one: Operation<I, O>): Operation<I, O> => one
