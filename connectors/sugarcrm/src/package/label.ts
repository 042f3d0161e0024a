import { labelOf as plainLabel } from '@assay/sugar-family'
import type { ScoreField } from '@assay/shared'
import { PACKAGE, stampOf } from './identity.ts'

/** Whose label says which version of the package is in: a sign-in without an admin's rights is told the names of labels, but not of packages. */
export const STAMPED = 'scored_at'
export const labelOf = (field: ScoreField): string => plainLabel(field) + (field.name === STAMPED ? stampOf(PACKAGE.version) : '')
