import type { Field, FieldType } from '../fields.ts'
import { elementOf, elementsOf, isTrue, textOf, type Element } from './xml.ts'

/** A custom field in the words of metadata ↔ in those of describe. */

const TYPES: Readonly<Record<string, FieldType>> = {
  Text: 'string',
  TextArea: 'textarea',
  LongTextArea: 'textarea',
  Number: 'double',
  Currency: 'currency',
  Percent: 'percent',
  Checkbox: 'boolean',
  Date: 'date',
  DateTime: 'datetime',
  Picklist: 'picklist',
  MultiselectPicklist: 'multipicklist',
  Email: 'email',
  Phone: 'phone',
  Url: 'url',
  Lookup: 'reference',
}

/** Every member a CustomField may have. */
const MEMBERS = new Set(
  'fullName businessOwnerGroup businessOwnerUser businessStatus caseSensitive complianceGroup customDataType defaultValue deleteConstraint deprecated description displayFormat encryptionScheme escapeMarkup externalDeveloperName externalId fieldManageability formula formulaTreatBlanksAs inlineHelpText isAIPredictionField isConvertLeadDisabled isFilteringDisabled isNameField isSortingDisabled label length lookupFilter maskChar maskType metadataRelationshipControllingField mktDataLakeFieldAttributes mktDataModelFieldAttributes populateExistingRows precision referenceTargetField referenceTo relationshipLabel relationshipName relationshipOrder reparentableMasterDetail required restrictedAdminField scale securityClassification startingNumber stripMarkup summarizedField summaryFilterItems summaryForeignKey summaryOperation trackFeedHistory trackHistory trackTrending translateData trueValueIndexed type unique valueSet visibleLines writeRequiresMasterRead'.split(
    ' ',
  ),
)

const LONGEST = { label: 40, name: 40, help: 510, description: 1000, text: 255, long: 131_072 } as const

/** The field this metadata makes, or why Salesforce refuses it. `fullName` without its object. */
export function fieldOf(metadata: Element): { readonly field: Field } | { readonly problem: string } {
  const name = textOf(metadata['fullName']) ?? ''
  const type = textOf(metadata['type']) ?? ''
  const problem = headProblem(name, type, metadata) ?? shapeProblem(type, metadata)
  if (problem !== null) return { problem }
  const number = (member: string): number => Number(metadata[member])
  const values = picklistOf(metadata)
  return {
    field: {
      name,
      label: textOf(metadata['label']) ?? name,
      type: TYPES[type] ?? 'string',
      custom: true,
      granted: 'permissionSets',
      metadataType: type,
      ...(type === 'Text' || type === 'LongTextArea' ? { length: number('length') } : {}),
      ...(type === 'TextArea' || type === 'Url' || type === 'Picklist' ? { length: LONGEST.text } : {}),
      ...(type === 'Email' ? { length: 80 } : type === 'Phone' ? { length: 40 } : type === 'MultiselectPicklist' ? { length: 4099 } : {}),
      ...(['Number', 'Currency', 'Percent'].includes(type) ? { precision: number('precision'), scale: number('scale') } : {}),
      ...(type === 'Checkbox' ? { defaultValue: isTrue(metadata['defaultValue']) } : {}),
      ...(type === 'LongTextArea' ? { visibleLines: number('visibleLines') } : {}),
      ...(values === null ? {} : { values, restricted: isTrue(elementOf(metadata['valueSet'])['restricted']) }),
      ...(type === 'Lookup' ? { referenceTo: [textOf(metadata['referenceTo']) ?? ''], relationship: name.replace(/__c$/, '__r') } : {}),
      ...(textOf(metadata['inlineHelpText']) === null ? {} : { helpText: String(metadata['inlineHelpText']) }),
      ...(textOf(metadata['description']) === null ? {} : { description: String(metadata['description']) }),
      ...(isTrue(metadata['required']) ? { required: true } : {}),
      ...(isTrue(metadata['externalId']) ? { externalId: true } : {}),
      ...(isTrue(metadata['unique']) ? { unique: true } : {}),
    },
  }
}

const missing = (member: string): string => `Required field is missing: ${member}`

function headProblem(name: string, type: string, metadata: Element): string | null {
  const unknown = Object.keys(metadata).find((member) => !MEMBERS.has(member))
  if (unknown !== undefined)
    return `Element {http://soap.sforce.com/2006/04/metadata}${unknown} invalid at this location in type CustomField`
  if (!/^[A-Za-z](?:_?[A-Za-z0-9])*__c$/.test(name))
    return `The name: ${name} is not a valid custom field name: it must begin with a letter, end with __c and have no two underscores in a row`
  if (name.length - 3 > LONGEST.name) return `The name: ${name} is too long: ${LONGEST.name} characters at most`
  if (type === '') return missing('type')
  if (TYPES[type] === undefined) return `'${type}' is not a valid value for the enum 'FieldType'`
  const label = textOf(metadata['label'])
  if (label === null) return missing('label')
  if (label.length > LONGEST.label) return `Value too long for field: MasterLabel maximum length is:${LONGEST.label}`
  if ((textOf(metadata['inlineHelpText'])?.length ?? 0) > LONGEST.help)
    return `Value too long for field: InlineHelpText maximum length is:${LONGEST.help}`
  if ((textOf(metadata['description'])?.length ?? 0) > LONGEST.description)
    return `Value too long for field: Description maximum length is:${LONGEST.description}`
  return null
}

function shapeProblem(type: string, metadata: Element): string | null {
  const number = (member: string): number | null => (textOf(metadata[member]) === null ? null : Number(metadata[member]))
  switch (type) {
    case 'Text':
    case 'LongTextArea': {
      const most = type === 'Text' ? LONGEST.text : LONGEST.long
      const length = number('length')
      if (length === null) return missing('length')
      if (!(length >= 1 && length <= most)) return `Custom field length must be between 1 and ${most}`
      return type === 'LongTextArea' && number('visibleLines') === null ? missing('visibleLines') : null
    }
    case 'Number':
    case 'Currency':
    case 'Percent': {
      const [precision, scale] = [number('precision'), number('scale')]
      if (precision === null || scale === null) return missing(precision === null ? 'precision' : 'scale')
      return precision >= 1 && precision <= 18 && scale >= 0 && scale <= precision
        ? null
        : 'The precision must be between 1 and 18 and not below the scale'
    }
    case 'Checkbox':
      return textOf(metadata['defaultValue']) === null ? missing('defaultValue') : null
    case 'Picklist':
    case 'MultiselectPicklist': {
      const values = picklistOf(metadata)
      if (values === null) return missing('valueSet')
      const twice = values.find((value, position) => values.indexOf(value) !== position)
      if (twice !== undefined) return `Duplicate picklist value: ${twice}`
      return type === 'MultiselectPicklist' && number('visibleLines') === null ? missing('visibleLines') : null
    }
    case 'Lookup':
      return textOf(metadata['referenceTo']) === null ? missing('referenceTo') : null
    default:
      return null
  }
}

function picklistOf(metadata: Element): string[] | null {
  const definition = elementOf(metadata['valueSet'])['valueSetDefinition']
  if (definition === undefined) return null
  return elementsOf(elementOf(definition)['value']).map((value) => textOf(value['fullName']) ?? textOf(value['valueName']) ?? '')
}

/** Types by what describe calls them, for fields that were there before. */
const METADATA_TYPES: Partial<Record<FieldType, string>> = Object.fromEntries(Object.entries(TYPES).map(([name, type]) => [type, name]))
export const metadataTypeOf = (field: Field): string =>
  field.metadataType ?? (field.type === 'textarea' ? 'LongTextArea' : (METADATA_TYPES[field.type] ?? 'Text'))

/** Why a field cannot become another; null when it can. */
export function changeProblem(before: Field, after: Field): string | null {
  const [old, next] = [metadataTypeOf(before), metadataTypeOf(after)]
  return old === next ? null : `Cannot update a field to a ${next} from something else`
}

/** The metadata of a field, for reading it back. Members in the order Salesforce writes them; `fullName` left to the caller. */
export function metadataOf(field: Field): Record<string, unknown> {
  const type = metadataTypeOf(field)
  const isNumber = ['Number', 'Currency', 'Percent'].includes(type)
  return {
    description: field.description ?? null,
    externalId: field.externalId ?? false,
    inlineHelpText: field.helpText ?? null,
    label: field.label,
    length: type === 'Text' || type === 'LongTextArea' ? (field.length ?? null) : null,
    precision: isNumber ? (field.precision ?? 18) : null,
    required: field.required ?? false,
    scale: isNumber ? (field.scale ?? 0) : null,
    trackHistory: false,
    type,
    unique: field.unique ?? false,
    valueSet:
      field.values === undefined
        ? null
        : {
            restricted: field.restricted ?? false,
            valueSetDefinition: {
              sorted: false,
              value: field.values.map((value) => ({ fullName: value, default: value === field.defaultValue, label: value })),
            },
          },
    visibleLines: field.visibleLines ?? null,
  }
}
