import { SfError } from '@salesforce/core'
import { AssayError } from '@assay/shared'

/** An error of Assay as `sf` tells errors: its words, and what to do as an action. Anything else stays as it is. */
export function asSfError(error: unknown): unknown {
  if (!(error instanceof AssayError)) return error
  const name = `Assay${error.kind[0]!.toUpperCase()}${error.kind.slice(1)}Error`
  return new SfError(error.message, name, error.hint === undefined ? [] : [error.hint], error.kind === 'config' ? 2 : 1, error)
}
