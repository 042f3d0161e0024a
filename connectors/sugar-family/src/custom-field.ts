import type { ScoreField } from '@assay/shared'
import { listOf, type Located } from './names.ts'
import type { PhpValue } from './php.ts'

interface Shape {
  readonly type: string
  readonly max_size?: string
  /** Decimal places of a number, the list of a dropdown. */
  readonly ext1?: string
}

/** So many characters a text column has. */
export const TEXT_COLUMN = 255

/**
 * Money is a plain number in the company's own currency: a field of type `currency` wants `currency_id` (and in Sugar `base_rate`)
 * beside it, which accounts and contacts do not have.
 */
const SHAPES: Readonly<Record<ScoreField['type'], (field: ScoreField) => Shape>> = {
  number: () => ({ type: 'decimal', max_size: '8', ext1: '2' }),
  currency: () => ({ type: 'decimal', max_size: '26', ext1: '2' }),
  text: () => ({ type: 'varchar', max_size: String(TEXT_COLUMN) }),
  date: () => ({ type: 'date' }),
  datetime: () => ({ type: 'datetimecombo' }),
  picklist: (field) => ({ type: 'enum', max_size: '100', ext1: listOf(field) }),
}

/** Types under which an installed field may show itself, ours first. */
export const typesOf = (field: ScoreField): readonly string[] => {
  const { type } = SHAPES[field.type](field)
  if (type === 'decimal') return [type, 'float', 'double', 'currency']
  if (type === 'datetimecombo') return [type, 'datetime']
  return [type]
}

/** One entry of the manifest's `custom_fields`, by which the CRM makes the column and keeps note of it. */
export const customField = ({ module, name, field }: Located, label: string): PhpValue => {
  const { type, max_size: size = null, ext1 = null } = SHAPES[field.type](field)
  return {
    id: module + name,
    name,
    label,
    comments: `${field.setByPeople === true ? 'Filled in by people, read by Assay.' : 'Written by Assay.'} ${field.description}`,
    help: field.description,
    module,
    type,
    max_size: size,
    require_option: '0',
    default_value: null,
    deleted: '0',
    // A score that moves every night would fill the audit table with nothing that a person did.
    audited: '0',
    mass_update: '0',
    duplicate_merge: '0',
    reportable: '1',
    importable: field.setByPeople === true ? 'true' : 'false',
    ext1,
    ext2: null,
    ext3: null,
    ext4: null,
  }
}
