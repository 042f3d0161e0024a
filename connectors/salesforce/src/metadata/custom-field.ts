import type { CustomField, ValueSet } from '@salesforce/types/metadata'
import type { ScoreField } from '@assay/shared'
import type { Located } from './names.ts'

/** A custom field as metadata has it, without the lists that the type asks for and a plain field has not. */
export type FieldMetadata = Omit<CustomField, 'fullName' | 'summaryFilterItems' | 'valueSet'> & {
  readonly fullName: string
  readonly valueSet?: Omit<ValueSet, 'valueSettings'>
}

/** Up to 999.99: chances in percent, with room for what a later miner may say more exactly. */
const NUMBER = { type: 'Number', precision: 5, scale: 2 } as const
const MONEY = { type: 'Currency', precision: 18, scale: 2 } as const
const LONGEST_TEXT = 255

const SHAPES: Readonly<Record<ScoreField['type'], (field: ScoreField) => Partial<FieldMetadata>>> = {
  number: () => NUMBER,
  currency: () => MONEY,
  text: (field) => ({ type: 'Text', length: Math.min(field.maxLength ?? LONGEST_TEXT, LONGEST_TEXT) }),
  date: () => ({ type: 'Date' }),
  datetime: () => ({ type: 'DateTime' }),
  picklist: ({ options = [] }) => ({
    type: 'Picklist',
    valueSet: {
      restricted: true,
      valueSetDefinition: { sorted: false, value: options.map((option) => ({ fullName: option, default: false, label: option })) },
    },
  }),
}

/** The field as typed metadata. The help text is what people see beside it; the description is for the admin in Setup. */
export const customField = ({ name, field }: Located): FieldMetadata => ({
  fullName: name,
  description: field.setByPeople ? `Filled in by people, read by Assay. ${field.description}` : `Written by Assay. ${field.description}`,
  inlineHelpText: field.description,
  label: field.label,
  required: false,
  ...SHAPES[field.type](field),
})
