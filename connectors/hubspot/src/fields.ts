import { ASSAY_PREFIX, AssayError } from '@assay/shared'
import type { Answer, FieldChange, FieldPlan, Receipt, Removal, ScoreField, ScoreObject } from '@assay/shared'
import { errorBody } from './answer.ts'
import type { HubSpotClient } from './client.ts'
import { listOf, type WireBatchError, type WireProperty } from './wire.ts'
import { OBJECT_NAMES } from './write.ts'

const GROUP = 'assay'
const BATCH = 100

/** Our types in HubSpot's two words for them. */
const TYPES: Readonly<Record<ScoreField['type'], readonly [type: string, fieldType: string]>> = {
  number: ['number', 'number'],
  currency: ['number', 'number'],
  picklist: ['enumeration', 'select'],
  text: ['string', 'text'],
  date: ['date', 'date'],
  datetime: ['datetime', 'date'],
}

interface Wanted {
  readonly object: string
  readonly name: string
  readonly field: ScoreField
}

const change = ({ object, name, field }: Wanted): FieldChange => ({ object, name, label: field.label })

/** Which properties on which objects the fields become. */
const wantedOf = (fields: readonly ScoreField[], customer: ScoreObject): Wanted[] =>
  fields.map((field) => ({
    object: OBJECT_NAMES[field.on === 'customer' ? customer : field.on],
    name: ASSAY_PREFIX + field.name,
    field,
  }))

/** A property as the creation call takes it. */
const creation = ({ name, field }: Wanted): object => {
  const [type, fieldType] = TYPES[field.type]
  return {
    name,
    label: field.label,
    groupName: GROUP,
    type,
    fieldType,
    description: field.description,
    formField: false,
    ...(field.options === undefined
      ? {}
      : { options: field.options.map((value, displayOrder) => ({ label: value, value, displayOrder, hidden: false })) }),
    ...(field.type === 'currency' ? { numberDisplayHint: 'currency' } : {}),
  }
}

/** Why an existing property cannot hold the field; null when it can. */
const clashOf = (existing: WireProperty, field: ScoreField): string | null => {
  const [type] = TYPES[field.type]
  if (existing.type !== type) return `it exists as ${existing.type}, ${type} is needed`
  const missing = (field.options ?? []).filter((option) => !existing.options?.some(({ value }) => value === option))
  return missing.length === 0 ? null : `its list lacks ${missing.join(', ')}`
}

const propertiesOf = async (client: HubSpotClient, object: string): Promise<readonly WireProperty[]> =>
  listOf<WireProperty>(await client.call({ area: 'properties', tail: `/${object}` }), `properties of ${object}`).results

const objectsIn = (wanted: readonly { readonly object: string }[]): string[] => [...new Set(wanted.map(({ object }) => object))]

export const plan = async (client: HubSpotClient, fields: readonly ScoreField[], customer: ScoreObject): Promise<FieldPlan> => {
  const wanted = wantedOf(fields, customer)
  const made: { create: FieldChange[]; keep: FieldChange[]; clash: (FieldChange & { why: string })[] } = { create: [], keep: [], clash: [] }
  for (const object of objectsIn(wanted)) {
    const existing = new Map((await propertiesOf(client, object)).map((property) => [property.name, property]))
    for (const want of wanted.filter((entry) => entry.object === object)) {
      const property = existing.get(want.name)
      const why = property === undefined ? null : clashOf(property, want.field)
      if (property === undefined) made.create.push(change(want))
      else if (why === null) made.keep.push(change(want))
      else made.clash.push({ ...change(want), why })
    }
  }
  return made
}

/** A property that somebody else made in the same moment is there, which is all that was wanted. */
const EXISTS = 409

const refused = (what: string, said: { message?: string }): AssayError =>
  new AssayError('config', `HubSpot did not make ${what}: ${said.message ?? 'no reason given'}`, {
    hint: 'Creating properties needs the scopes crm.schemas.companies.write, crm.schemas.contacts.write and crm.schemas.deals.write.',
  })

const makeGroup = async (client: HubSpotClient, object: string): Promise<boolean> => {
  const groups = listOf<{ name: string }>(await client.call({ area: 'properties', tail: `/${object}/groups` }), 'property groups')
  if (groups.results.some(({ name }) => name === GROUP)) return false
  const body = { name: GROUP, label: 'Assay', displayOrder: -1 }
  const answer = await client.call({ method: 'POST', area: 'properties', tail: `/${object}/groups`, body, accept: [EXISTS] })
  return answer.status !== EXISTS
}

const makeProperties = async (client: HubSpotClient, object: string, wanted: readonly Wanted[]): Promise<string[]> => {
  const made: string[] = []
  for (let at = 0; at < wanted.length; at += BATCH) {
    const body = { inputs: wanted.slice(at, at + BATCH).map(creation) }
    const answer: Answer = await client.call({
      method: 'POST',
      area: 'properties',
      tail: `/${object}/batch/create`,
      body,
      accept: [EXISTS],
    })
    if (answer.status === EXISTS) throw refused(`properties of ${object}`, errorBody(answer.body))
    const list = listOf<WireProperty>(answer, `properties of ${object}`)
    made.push(...list.results.map(({ name }) => name))
    const errors: readonly WireBatchError[] = (list.errors ?? []).filter(({ category }) => category !== 'OBJECT_ALREADY_EXISTS')
    if (errors[0] !== undefined) throw refused(`properties of ${object}`, errors[0])
  }
  return made
}

/** Makes the group and the missing properties. Rejects (`config`) on a clash, having made nothing. */
export const ensureFields = async (
  client: HubSpotClient,
  fields: readonly ScoreField[],
  customer: ScoreObject,
  now: number,
): Promise<Receipt> => {
  const { create, clash } = await plan(client, fields, customer)
  if (clash.length > 0) {
    const named = clash.map(({ object, name, why }) => `${object}.${name}: ${why}`).join('; ')
    throw new AssayError('config', `Fields that are in the way in HubSpot: ${named}`, {
      hint: 'Rename or delete those properties in HubSpot (Settings, Properties); Assay never changes one.',
    })
  }
  const made: Receipt['made'][number][] = []
  const wanted = wantedOf(fields, customer).filter(({ object, name }) =>
    create.some((entry) => entry.object === object && entry.name === name),
  )
  for (const object of objectsIn(wanted)) {
    if (await makeGroup(client, object)) made.push({ type: 'group', object, name: GROUP })
    const names = await makeProperties(
      client,
      object,
      wanted.filter((entry) => entry.object === object),
    )
    for (const name of names) made.push({ type: 'field', object, name })
  }
  return { connector: 'hubspot', madeAt: now, made }
}

/** Takes back the properties and groups of the receipt; without one, everything with Assay's prefix in Assay's group. */
export const removeFields = async (client: HubSpotClient, receipt: Receipt | null): Promise<Removal> => {
  const removed: Removal['removed'][number][] = []
  const blocked: Removal['blocked'][number][] = []
  const left: Removal['left'][number][] = []
  for (const object of Object.values(OBJECT_NAMES)) {
    const mine = receipt?.made.filter((entry) => entry.object === object)
    if (mine?.length === 0) continue
    const existing = (await propertiesOf(client, object)).filter(({ name }) => name.startsWith(ASSAY_PREFIX))
    const doomed = existing.filter(({ name, groupName }) =>
      mine === undefined ? groupName === GROUP : mine.some((entry) => entry.type === 'field' && entry.name === name),
    )
    for (const { name } of doomed) {
      const answer = await client.call({ method: 'DELETE', area: 'properties', tail: `/${object}/${name}`, accept: [400, 404, 409, 423] })
      if (answer.status >= 400 && answer.status !== 404)
        blocked.push({ object, name, why: errorBody(answer.body).message ?? `status ${answer.status}` })
      else removed.push({ object, name })
    }
    const gone = new Set(removed.filter((entry) => entry.object === object).map(({ name }) => name))
    const rest = existing.filter(({ name }) => !gone.has(name))
    left.push(...rest.map(({ name }) => ({ object, name })))
    const groupIsMine = mine === undefined || mine.some(({ type }) => type === 'group')
    if (!groupIsMine || rest.some(({ groupName }) => groupName === GROUP)) continue
    const groups = listOf<{ name: string }>(await client.call({ area: 'properties', tail: `/${object}/groups` }), 'property groups')
    if (!groups.results.some(({ name }) => name === GROUP)) continue
    const answer = await client.call({ method: 'DELETE', area: 'properties', tail: `/${object}/groups/${GROUP}`, accept: [400, 404, 409] })
    if (answer.status < 400) removed.push({ object, name: GROUP })
    else if (answer.status !== 404) blocked.push({ object, name: GROUP, why: errorBody(answer.body).message ?? `status ${answer.status}` })
  }
  return { removed, blocked, left }
}
