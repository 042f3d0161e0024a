import { isPermissionable } from '../access.ts'
import type { Field } from '../fields.ts'
import type { Org } from '../org.ts'
import { BLOCKING, type Components } from './components.ts'
import { changeProblem, fieldOf } from './field-shape.ts'
import { archiveOf, type Archive, type Part } from './package.ts'
import { applyPermissionSet, deletePermissionSet, isAssigned, permissionSetNamed, permissionSetProblem } from './permission-set.ts'

/** What is said about one component. */
export interface Message {
  readonly componentType: string
  readonly fullName: string
  readonly fileName: string
  readonly success: boolean
  readonly created: boolean
  readonly changed: boolean
  readonly deleted: boolean
  readonly id: string | null
  readonly problem: string | null
  readonly problemType: 'Error' | 'Warning' | null
  readonly lineNumber: number | null
  readonly columnNumber: number | null
}

export interface DeployOptions {
  readonly checkOnly: boolean
  readonly rollbackOnError: boolean
  readonly ignoreWarnings: boolean
  readonly allowMissingFiles: boolean
}

export interface Deployment {
  readonly success: boolean
  readonly status: 'Succeeded' | 'SucceededPartial' | 'Failed'
  readonly errorMessage: string | null
  readonly errorStatusCode: string | null
  readonly messages: readonly Message[]
}

/** A component that was found good: what putting it in would do. */
interface Step {
  readonly part: Part
  /** Gives the id and whether it was new. */
  readonly apply: () => { readonly id: string | null; readonly created: boolean }
  readonly isThere: boolean
}

const NOTHING = {
  success: true,
  created: false,
  changed: false,
  deleted: false,
  id: null,
  problem: null,
  problemType: null,
  lineNumber: null,
  columnNumber: null,
} as const

const message = (part: Pick<Part, 'type' | 'fullName' | 'fileName'>, more: Partial<Message>): Message => ({
  ...NOTHING,
  componentType: part.type,
  fullName: part.fullName,
  fileName: part.fileName,
  ...more,
})
const refused = (part: Pick<Part, 'type' | 'fullName' | 'fileName'>, problem: string): Message =>
  message(part, { success: false, problem, problemType: 'Error' })

/** Puts an archive into the org, or only checks it: everything, or with `rollbackOnError` nothing. */
export function deployed(org: Org, components: Components, zip: Uint8Array, options: DeployOptions, userId: string): Deployment {
  const archive = archiveOf(zip)
  if (archive === null)
    return { success: false, status: 'Failed', errorMessage: 'No package.xml found', errorStatusCode: 'INVALID_OPERATION', messages: [] }
  const messages: Message[] = archive.bad.map(({ fileName, problem }) =>
    message(
      { type: '', fullName: fileName, fileName },
      {
        success: false,
        problem: `Error parsing file: ${problem.message}`,
        problemType: 'Error',
        lineNumber: problem.line,
        columnNumber: problem.column,
      },
    ),
  )
  const steps: Step[] = []
  const incoming = new Map(archive.parts.filter((part) => part.type === 'CustomField').map((part) => [part.fullName, part]))
  if (archive.bad.length === 0) {
    messages.push(...missingParts(archive, options))
    for (const part of archive.parts) {
      if (part.type === 'CustomObject' && archive.members.get('CustomObject')?.includes(part.fullName) !== true) continue
      const step = isListed(archive, part) ? stepOf(org, components, part, incoming, userId) : notListed(part)
      if (typeof step === 'string') messages.push(refused(part, step))
      else steps.push(step)
    }
  }
  const doomed = archive.bad.length > 0 ? [] : archive.destructive
  const deletions = doomed.map((target) => ({ target, ...deletionOf(org, components, target, userId) }))
  for (const { target, problem } of deletions) {
    if (problem !== null)
      messages.push(
        message(target, {
          success: problem.isWarning && options.ignoreWarnings,
          problem: problem.text,
          problemType: problem.isWarning ? 'Warning' : 'Error',
        }),
      )
  }
  const failed = messages.some((each) => !each.success)
  const takesEffect = !options.checkOnly && (!failed || !options.rollbackOnError)
  for (const { part, apply, isThere } of steps) {
    const { id, created } = takesEffect ? apply() : { id: null, created: !isThere }
    messages.push(message(part, { created, changed: true, id }))
  }
  for (const { target, problem, apply } of deletions) {
    if (problem !== null) continue
    if (takesEffect) apply()
    messages.push(message(target, { deleted: true, changed: true }))
  }
  if (!failed) messages.push(message({ type: '', fullName: 'package.xml', fileName: 'package.xml' }, {}))
  const isPartial = failed && takesEffect && steps.length > 0
  return {
    success: !failed || isPartial,
    status: !failed ? 'Succeeded' : isPartial ? 'SucceededPartial' : 'Failed',
    errorMessage: null,
    errorStatusCode: null,
    messages,
  }
}

const isListed = ({ members }: Archive, part: Part): boolean => {
  const names = members.get(part.type) ?? []
  const lower = part.fullName.toLowerCase()
  if (names.some((name) => name.toLowerCase() === lower || (name === '*' && part.type !== 'CustomField'))) return true
  // Whatever belongs to an object comes with it when the object itself is listed.
  const [object = ''] = part.fullName.split('.')
  return part.fullName.includes('.') && members.get('CustomObject')?.includes(object) === true
}

const notListed = (part: Part): string => `${part.type} ${part.fullName} is not in package.xml`

function missingParts({ members, parts }: Archive, options: DeployOptions): Message[] {
  if (options.allowMissingFiles) return []
  const there = new Set(parts.map((part) => `${part.type} ${part.fullName.toLowerCase()}`))
  return [...members].flatMap(([type, names]) =>
    names
      .filter((name) => name !== '*' && !there.has(`${type} ${name.toLowerCase()}`))
      .map((fullName) =>
        refused(
          { type, fullName, fileName: 'package.xml' },
          `An object '${fullName}' of type ${type} was named in package.xml, but was not found in zipped directory`,
        ),
      ),
  )
}

/** What putting a component in would do, or why it is refused. */
function stepOf(org: Org, components: Components, part: Part, incoming: ReadonlyMap<string, Part>, userId: string): Step | string {
  switch (part.type) {
    case 'CustomObject':
      return org.schema.object(part.fullName) === null
        ? `No such object: ${part.fullName}`
        : { part, isThere: true, apply: () => ({ id: null, created: false }) }
    case 'CustomField': {
      const [objectName = ''] = part.fullName.split('.')
      const object = org.schema.object(objectName)
      if (object === null) return `Entity of type 'CustomObject' named '${objectName}' cannot be found`
      const made = fieldOf(part.element)
      if ('problem' in made) return made.problem
      const before = org.schema.field(object, made.field.name)
      const clash = before === null ? null : changeProblem(before, made.field)
      if (clash !== null) return clash
      const field: Field = before === null ? made.field : { ...made.field, name: before.name, granted: before.granted ?? 'profile' }
      return {
        part,
        isThere: before !== null,
        apply() {
          org.schema.put(object, field)
          return { id: org.schema.customId(object, field.name), created: before === null }
        },
      }
    }
    case 'PermissionSet': {
      const problem = permissionSetProblem(org, part.element, (fullName) => {
        const [objectName = '', name = ''] = fullName.split('.')
        const object = org.schema.object(objectName)
        const field = object === null ? null : org.schema.field(object, name)
        if (field !== null) return isPermissionable(field) ? 'yes' : 'fixed'
        return incoming.has(fullName) ? 'yes' : 'no'
      })
      if (problem !== null) return problem
      const before = permissionSetNamed(org, part.fullName)
      return {
        part,
        isThere: before !== null,
        apply: () => ({ id: applyPermissionSet(org, part.fullName, part.element, userId), created: before === null }),
      }
    }
    default: {
      const unknown = unknownField(org, part, incoming)
      if (unknown !== null) return `Could not resolve the field ${unknown}: it does not exist`
      return {
        part,
        isThere: components.find(part.type, part.fullName) !== null,
        apply: () => components.put(part.type, part.fullName, part.content),
      }
    }
  }
}

/** A custom field that a view or report names and that nowhere exists; code is not looked into. */
function unknownField(org: Org, { type, fullName, content }: Part, incoming: ReadonlyMap<string, Part>): string | null {
  if (!['ListView', 'Report', 'Layout', 'FlexiPage', 'CompactLayout'].includes(type)) return null
  for (const [, owner, name = ''] of content.matchAll(/(?<![\w.])(?:(\w+)[.])?(\w+__c)(?!\w)/g)) {
    const object = org.schema.object(owner === undefined || owner === 'Record' ? (/^\w+/.exec(fullName)?.[0] ?? '') : owner)
    if (object !== null && org.schema.field(object, name) === null && !incoming.has(`${object}.${name}`)) return `${object}.${name}`
  }
  return null
}

interface Deletion {
  readonly problem: { readonly text: string; readonly isWarning: boolean } | null
  readonly apply: () => void
}

const cannot = (text: string, isWarning = false): Deletion => ({ problem: { text, isWarning }, apply: () => {} })

/** What deleting a component would do, or why it is refused. What is not there is only a warning. */
export function deletionOf(
  org: Org,
  components: Components,
  target: { readonly type: string; readonly fullName: string },
  userId: string,
): Deletion {
  const { type, fullName } = target
  const absent = cannot(`No ${type} named: ${fullName} found`, true)
  if (type === 'CustomField') {
    const [objectName = '', name = ''] = fullName.split('.')
    const object = org.schema.object(objectName)
    const field = object === null ? null : org.schema.field(object, name)
    if (object === null || field === null) return absent
    if (field.custom !== true) return cannot(`Cannot delete standard field: ${fullName}`)
    const users = components.usersOf(object, field.name).filter((each) => BLOCKING.has(each.type))
    if (users.length > 0)
      return cannot(
        `This custom field is referenced elsewhere in salesforce.com. Remove the usage and try again. : ${users.map((each) => `${each.type} - ${each.fullName}`).join(', ')}`,
      )
    return { problem: null, apply: () => deleteField(org, components, object, field.name, userId) }
  }
  if (type === 'PermissionSet') {
    const row = permissionSetNamed(org, fullName)
    if (row === null) return absent
    if (isAssigned(org, row)) return cannot("You can't delete this permission set because it's assigned to users.")
    return { problem: null, apply: () => deletePermissionSet(org, row, userId) }
  }
  if (components.find(type, fullName) === null) return absent
  return { problem: null, apply: () => void components.delete(type, fullName) }
}

/** With what stands in it and who was granted it; what merely shows it shows it no longer. */
function deleteField(
  org: Org,
  components: Components,
  object: NonNullable<ReturnType<Org['schema']['object']>>,
  name: string,
  userId: string,
): void {
  for (const user of components.usersOf(object, name)) {
    const component = components.find(user.type, user.fullName)
    if (component !== null) components.put(component.type, component.fullName, component.content.replaceAll(name, ''))
  }
  for (const row of org.store.after('FieldPermissions', null, false))
    if (row['Field'] === `${object}.${name}`) org.delete('FieldPermissions', String(row['Id']), userId)
  for (const id of org.store.touched(object))
    if ((org.store.row(object, id)?.[name] ?? null) !== null) org.store.write(object, id, { [name]: null })
  org.schema.remove(object, name)
}
