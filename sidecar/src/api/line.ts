import type { ErrorKind } from '@assay/shared'
import type { Progress } from './operation.ts'

/** One line of the owner's answer to a command: how far it is, or how it ended. */
export type Line =
  | { readonly progress: Progress }
  | { readonly result: unknown }
  | { readonly error: { readonly kind: ErrorKind | null; readonly message: string; readonly hint: string | undefined } }
