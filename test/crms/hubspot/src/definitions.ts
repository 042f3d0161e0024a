import type { ObjectType } from './object-types.ts'

export type PropertyType = 'bool' | 'date' | 'datetime' | 'enumeration' | 'number' | 'phone_number' | 'string'

export interface PropertyOption {
  label: string
  value: string
  displayOrder: number
  hidden: boolean
  description?: string
}

/** The definition of a property, as the properties end points give it. */
export interface PropertyDefinition {
  name: string
  label: string
  description: string
  groupName: string
  type: PropertyType
  fieldType: string
  options: PropertyOption[]
  displayOrder: number
  hidden: boolean
  formField: boolean
  hasUniqueValue: boolean
  calculated: boolean
  externalOptions: boolean
  hubspotDefined: boolean
  archived: boolean
  archivedAt?: string
  createdAt: string
  updatedAt: string
  dataSensitivity?: string
  numberDisplayHint?: string
  modificationMetadata: { archivable: boolean; readOnlyDefinition: boolean; readOnlyOptions: boolean; readOnlyValue: boolean }
}

/**
 * HubSpot's own properties: `name:type` with `!` behind what nobody may write and `*` behind what is unique.
 * Types: s text, n number, d date-time, b yes/no, e enumeration with its options.
 */
const SYSTEM = 'hs_object_id:n! hs_createdate:d! hs_merged_object_ids:s!'
const ENGAGEMENT = `${SYSTEM} hs_lastmodifieddate:d! hs_timestamp:d hubspot_owner_id:s`

const STANDARD: Readonly<Record<ObjectType, string>> = {
  companies: `${SYSTEM} hs_lastmodifieddate:d! createdate:d! name:s domain:s industry:e type:e=PROSPECT,PARTNER,RESELLER,VENDOR,OTHER country:s city:s
    numberofemployees:n annualrevenue:n hubspot_owner_id:s hs_parent_company_id:n lifecyclestage:e=lead,opportunity,customer,other phone:s website:s description:s`,
  contacts: `${SYSTEM} lastmodifieddate:d! createdate:d! email:s* firstname:s lastname:s phone:s company:s jobtitle:s country:s city:s
    associatedcompanyid:n lifecyclestage:e=subscriber,lead,opportunity,customer,other hs_lead_status:e=NEW,OPEN,IN_PROGRESS,CONNECTED hubspot_owner_id:s
    hs_email_optout:b num_notes:n! notes_last_contacted:d! hs_analytics_source:s!`,
  deals: `${SYSTEM} hs_lastmodifieddate:d! createdate:d dealname:s amount:n amount_in_home_currency:n! closedate:d dealstage:e pipeline:e
    hs_is_closed:b! hs_is_closed_won:b! hs_deal_stage_probability:n! deal_currency_code:e dealtype:e=newbusiness,existingbusiness hubspot_owner_id:s description:s`,
  line_items: `${SYSTEM} hs_lastmodifieddate:d! createdate:d! name:s quantity:n price:n amount:n! discount:n hs_discount_percentage:n hs_product_id:n hs_sku:s
    hs_line_item_currency_code:e hs_cost_of_goods_sold:n hs_recurring_billing_period:s recurringbillingfrequency:e=monthly,quarterly,annually`,
  products: `${SYSTEM} hs_lastmodifieddate:d! createdate:d! name:s hs_sku:s price:n description:s family:s hs_product_type:e=inventory,non_inventory,service
    hs_status:e=active,inactive hs_cost_of_goods_sold:n`,
  tickets: `${SYSTEM} hs_lastmodifieddate:d! createdate:d subject:s content:s hs_ticket_priority:e=LOW,MEDIUM,HIGH,URGENT hs_ticket_category:e
    hs_pipeline:e hs_pipeline_stage:e closed_date:d hubspot_owner_id:s`,
  calls: `${ENGAGEMENT} hs_call_title:s hs_call_body:s hs_call_direction:e=INBOUND,OUTBOUND hs_call_status:e=COMPLETED,MISSED,NO_ANSWER,CANCELED,BUSY,FAILED
    hs_call_duration:n hs_call_disposition:s`,
  emails: `${ENGAGEMENT} hs_email_subject:s hs_email_text:s hs_email_html:s hs_email_direction:e=EMAIL,INCOMING_EMAIL,FORWARDED_EMAIL hs_email_status:e=SENT,BOUNCED,FAILED,SENDING`,
  meetings: `${ENGAGEMENT} hs_meeting_title:s hs_meeting_body:s hs_meeting_outcome:e=SCHEDULED,COMPLETED,RESCHEDULED,NO_SHOW,CANCELED
    hs_meeting_start_time:d hs_meeting_end_time:d`,
  notes: `${ENGAGEMENT} hs_note_body:s`,
  tasks: `${ENGAGEMENT} hs_task_subject:s hs_task_body:s hs_task_status:e=NOT_STARTED,IN_PROGRESS,WAITING,COMPLETED,DEFERRED
    hs_task_priority:e=NONE,LOW,MEDIUM,HIGH hs_task_type:e=TODO,CALL,EMAIL`,
  subscriptions: `${SYSTEM} hs_lastmodifieddate:d! name:s product_id:s status:s started_at:d ended_at:d renews_at:d monthly_amount:n currency:s hubspot_owner_id:s`,
}

const TYPES: Readonly<Record<string, readonly [PropertyType, string]>> = {
  s: ['string', 'text'],
  n: ['number', 'number'],
  d: ['datetime', 'date'],
  b: ['bool', 'booleancheckbox'],
  e: ['enumeration', 'select'],
}

export function option(value: string, displayOrder: number): PropertyOption {
  return { label: value, value, displayOrder, hidden: false }
}

/** The group an object's own properties stand in. */
export function groupOf(type: ObjectType): string {
  return type === 'companies' ? 'companyinformation' : `${type.replace(/s$/, '').replaceAll('_', '')}information`
}

/** A definition with everything that is not said filled in as HubSpot fills it in. */
export function definition(
  said: Pick<PropertyDefinition, 'name' | 'type' | 'fieldType' | 'groupName'> & Partial<PropertyDefinition>,
  at: string,
): PropertyDefinition {
  return {
    label: said.name,
    description: '',
    options: [],
    displayOrder: -1,
    hidden: false,
    formField: false,
    hasUniqueValue: false,
    calculated: false,
    externalOptions: false,
    hubspotDefined: false,
    archived: false,
    createdAt: at,
    updatedAt: at,
    modificationMetadata: { archivable: true, readOnlyDefinition: false, readOnlyOptions: false, readOnlyValue: false },
    ...said,
  }
}

/** The properties every portal has. */
export function standardDefinitions(type: ObjectType, at: string): PropertyDefinition[] {
  return STANDARD[type].split(/\s+/).map((entry) => {
    const [, name = '', code = 's', mark = '', values = ''] = /^(\w+):(\w)([!*]?)(?:=(.*))?$/.exec(entry) ?? []
    const [propertyType, fieldType] = TYPES[code] ?? ['string', 'text']
    return definition(
      {
        name,
        groupName: groupOf(type),
        type: propertyType,
        fieldType,
        options: propertyType === 'bool' ? ['true', 'false'].map(option) : values === '' ? [] : values.split(',').map(option),
        hasUniqueValue: mark === '*',
        hubspotDefined: true,
        modificationMetadata: { archivable: false, readOnlyDefinition: true, readOnlyOptions: false, readOnlyValue: mark === '!' },
      },
      at,
    )
  })
}
