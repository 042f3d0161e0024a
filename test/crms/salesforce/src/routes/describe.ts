import { isPermissionable } from '../access.ts'
import type { Field } from '../fields.ts'
import { OBJECTS, type ObjectName } from '../objects.ts'
import type { Org } from '../org.ts'

type Json = Record<string, unknown>

const SOAP_TYPES: Partial<Record<Field['type'], string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  anyType: 'xsd:anyType',
}

/** One object as the global describe and the head of its own describe show it. */
export function objectSummary(org: Org, object: ObjectName, userId: string, prefix: string): Json {
  const { label, plural, prefix: keyPrefix, readOnly, setup } = OBJECTS[object]
  const may = (what: 'create' | 'edit' | 'delete'): boolean => readOnly !== true && org.access.allows(userId, object, what)
  const isRecord = setup !== true
  return {
    activateable: false,
    associateEntityType: object.endsWith('History') ? 'History' : null,
    associateParentEntity: object.endsWith('History') ? 'Opportunity' : null,
    createable: may('create'),
    custom: false,
    customSetting: false,
    deepCloneable: false,
    deletable: may('delete'),
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix,
    label,
    labelPlural: plural,
    layoutable: isRecord,
    mergeable: ['Account', 'Contact', 'Lead', 'Case'].includes(object),
    mruEnabled: isRecord,
    name: object,
    queryable: true,
    replicateable: isRecord,
    retrieveable: true,
    searchLayoutable: isRecord,
    searchable: isRecord,
    triggerable: isRecord,
    undeletable: isRecord,
    updateable: may('edit'),
    urls: {
      sobject: `${prefix}/sobjects/${object}`,
      describe: `${prefix}/sobjects/${object}/describe`,
      rowTemplate: `${prefix}/sobjects/${object}/{ID}`,
    },
  }
}

/** The full describe as one user sees it: fields that are hidden from them are simply absent. */
export function objectDescribe(org: Org, object: ObjectName, userId: string, prefix: string): Json {
  const visible = [...org.schema.fields(object).values()].filter((field) => org.access.canRead(userId, object, field))
  return {
    actionOverrides: [],
    ...objectSummary(org, object, userId, prefix),
    childRelationships: childRelationships(org, object),
    compactLayoutable: true,
    fields: visible.map((field) => fieldDescribe(org, object, field, userId)),
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: recordTypes(org, object),
    supportedScopes: [{ label: `All ${OBJECTS[object].plural}`, name: 'everything' }],
  }
}

function recordTypes(org: Org, object: ObjectName): Json[] {
  const own = [...org.store.after('RecordType', null, false)].filter((row) => row['SobjectType'] === object)
  const master = {
    active: true,
    available: true,
    defaultRecordTypeMapping: own.length === 0,
    developerName: 'Master',
    master: true,
    name: 'Master',
    recordTypeId: '012000000000000AAA',
    urls: {},
  }
  return [
    ...own.map((row, position) => ({
      ...master,
      defaultRecordTypeMapping: position === 0,
      developerName: row['DeveloperName'],
      master: false,
      name: row['Name'],
      recordTypeId: row['Id'],
    })),
    master,
  ]
}

function childRelationships(org: Org, object: ObjectName): Json[] {
  return org.schema.objects().flatMap((child) =>
    [...org.schema.fields(child).values()]
      .filter((field) => field.type === 'reference' && field.referenceTo?.includes(object) === true)
      .map((field) => ({
        cascadeDelete: false,
        childSObject: child,
        deprecatedAndHidden: false,
        field: field.name,
        junctionIdListNames: [],
        junctionReferenceTo: [],
        relationshipName: OBJECTS[child].plural.replace(/ /g, ''),
        restrictedDelete: false,
      })),
  )
}

function fieldDescribe(org: Org, object: ObjectName, field: Field, userId: string): Json {
  const isText = ['string', 'textarea', 'picklist', 'multipicklist', 'email', 'phone', 'url', 'id', 'reference'].includes(field.type)
  const isNumber = ['int', 'double', 'currency', 'percent'].includes(field.type)
  const isLong = field.type === 'textarea' && (field.length ?? 0) > 255
  const objectIsReadOnly = OBJECTS[object].readOnly === true
  const canEdit = !objectIsReadOnly && org.access.canEdit(userId, object, field)
  const isFixed = field.readOnly === true
  return {
    aggregatable: !isLong && field.type !== 'boolean',
    aiPredictionField: false,
    autoNumber: false,
    byteLength: isText ? (field.length ?? 0) * 3 : 0,
    calculated: false,
    calculatedFormula: null,
    cascadeDelete: false,
    caseSensitive: false,
    compoundFieldName: null,
    controllerName: null,
    createable: canEdit && !isFixed,
    custom: field.custom === true,
    defaultValue: field.type === 'boolean' ? (field.defaultValue ?? false) : null,
    defaultValueFormula: null,
    defaultedOnCreate: field.type === 'boolean' || field.name === 'OwnerId',
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: field.type === 'int' ? (field.precision ?? 8) : 0,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: field.externalId === true,
    extraTypeInfo: isLong ? 'plaintextarea' : null,
    filterable: !isLong && field.type !== 'anyType',
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: false,
    groupable: !isLong && field.type !== 'datetime' && !isNumber,
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: field.type === 'id' || field.externalId === true,
    inlineHelpText: field.helpText ?? null,
    label: field.label,
    length: isText ? (field.length ?? 0) : 0,
    mask: null,
    maskType: null,
    name: field.name,
    nameField: field.nameField === true,
    namePointing: (field.referenceTo?.length ?? 0) > 1,
    nillable: field.type !== 'id' && field.type !== 'boolean' && field.required !== true,
    permissionable: isPermissionable(field),
    picklistValues: picklistValues(org, field),
    polymorphicForeignKey: (field.referenceTo?.length ?? 0) > 1,
    precision: isNumber && field.type !== 'int' ? (field.precision ?? 18) : 0,
    queryByDistance: false,
    referenceTargetField: null,
    referenceTo: field.referenceTo ?? [],
    relationshipName: field.relationship ?? null,
    relationshipOrder: null,
    restrictedDelete: false,
    restrictedPicklist: field.restricted === true,
    scale: isNumber ? (field.scale ?? 0) : 0,
    searchPrefilterable: false,
    soapType: SOAP_TYPES[field.type] ?? 'xsd:string',
    sortable: !isLong && field.type !== 'anyType',
    type: field.type,
    unique: field.unique === true,
    updateable: canEdit && field.readOnly === undefined,
    writeRequiresMasterRead: false,
  }
}

function picklistValues(org: Org, field: Field): Json[] {
  if (field.type !== 'picklist' && field.type !== 'multipicklist') return []
  const own = field.name === 'CurrencyIsoCode' || field.name === 'IsoCode' ? Object.keys(org.facts().rates) : (field.values ?? [])
  const values =
    field.name === 'StageName' ? [...org.store.after('OpportunityStage', null, false)].map((row) => String(row['ApiName'])) : own
  return values.map((value) => ({ active: true, defaultValue: value === field.defaultValue, label: value, validFor: null, value }))
}
