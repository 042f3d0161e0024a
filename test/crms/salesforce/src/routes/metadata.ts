import { idOf } from '../ids.ts'
import type { Exchange, Route } from '../exchange.ts'
import type { Components } from '../metadata/components.ts'
import { deletionOf, deployed, type Deployment, type DeployOptions, type Message } from '../metadata/deploy.ts'
import { read, upsert, type Saved } from '../metadata/single.ts'
import { elementOf, elementsOf, isTrue, listOf, soapBody, textOf, type Element } from '../metadata/xml.ts'
import type { ObjectName } from '../objects.ts'
import type { Org } from '../org.ts'
import { created, members, methodNotAllowed, noContent, notFound, ok, refuse, type Reply } from '../reply.ts'
import { soapFault, soapMethodOf, soapReply, xmlOf } from '../soap.ts'
import { instantText, plainText } from '../values.ts'

/** How often a deployment is asked about until it is done. */
export interface DeploySettings {
  readonly polls: number
}

interface Running {
  readonly id: string
  readonly startedAt: number
  readonly options: DeployOptions
  readonly userId: string
  readonly result: Deployment
  polls: number
}

export interface MetadataRoutes {
  /** `/services/Soap/m/67.0` */
  readonly soap: Route
  /** `/services/data/v67.0/metadata/deployRequest` */
  readonly rest: Route
}

const MOST_COMPONENTS_PER_CALL = 10

export function metadataRoutes(org: Org, components: Components, settings: () => DeploySettings): MetadataRoutes {
  const deployments = new Map<string, Running>()
  let made = 0

  const start = (zip: Uint8Array, given: Element, exchange: Exchange): Running => {
    const options: DeployOptions = {
      checkOnly: isTrue(given['checkOnly']),
      // In production everything is rolled back unless told otherwise.
      rollbackOnError: given['rollbackOnError'] === undefined || isTrue(given['rollbackOnError']),
      ignoreWarnings: isTrue(given['ignoreWarnings']),
      allowMissingFiles: isTrue(given['allowMissingFiles']),
    }
    const { fault, userId } = exchange
    const result: Deployment =
      fault?.kind === 'job'
        ? {
            success: false,
            status: 'Failed',
            errorMessage: fault.message ?? 'UNKNOWN_EXCEPTION: An unexpected error occurred.',
            errorStatusCode: 'UNKNOWN_EXCEPTION',
            messages: [],
          }
        : deployed(org, components, zip, options, userId)
    made += 1
    const running: Running = { id: idOf('0Af', made), startedAt: org.now(), options, userId, result, polls: 0 }
    deployments.set(running.id, running)
    return running
  }

  const find = (id: unknown): Running | null =>
    deployments.get(String(id)) ?? [...deployments.values()].find((each) => each.id.startsWith(String(id))) ?? null

  const shown = (running: Running, withDetails: boolean): Record<string, unknown> => {
    running.polls += 1
    const isDone = running.polls >= settings().polls
    const { result, options } = running
    const at = instantText(running.startedAt).replace('+0000', 'Z')
    const parts = result.messages.filter((each) => each.componentType !== '')
    const failures = result.messages.filter((each) => !each.success)
    return {
      checkOnly: options.checkOnly,
      ...(isDone ? { completedDate: at } : {}),
      createdBy: running.userId.slice(0, 15),
      createdByName: String(org.store.row('User', running.userId)?.['Name'] ?? ''),
      createdDate: at,
      details: isDone && withDetails ? details(result.messages, at) : { runTestResult: { numFailures: 0, numTestsRun: 0, totalTime: 0 } },
      done: isDone,
      ...(isDone && result.errorMessage !== null ? { errorMessage: result.errorMessage, errorStatusCode: result.errorStatusCode } : {}),
      id: running.id,
      ignoreWarnings: options.ignoreWarnings,
      lastModifiedDate: at,
      numberComponentErrors: isDone ? failures.length : 0,
      numberComponentsDeployed: isDone ? parts.filter((each) => each.success).length : 0,
      numberComponentsTotal: parts.length,
      numberTestErrors: 0,
      numberTestsCompleted: 0,
      numberTestsTotal: 0,
      rollbackOnError: options.rollbackOnError,
      runTestsEnabled: false,
      startDate: at,
      status: isDone ? result.status : 'InProgress',
      success: isDone && result.success,
    }
  }

  const calls: Readonly<Record<string, (body: Element, exchange: Exchange) => Reply>> = {
    deploy(body, exchange) {
      const zip = textOf(body['ZipFile']) ?? ''
      const running = start(Buffer.from(zip, 'base64'), elementOf(body['DeployOptions']), exchange)
      return soapReply('deploy', [xmlOf('result', { done: false, id: running.id, state: 'Queued' })])
    },
    checkDeployStatus(body) {
      const running = find(body['asyncProcessId'])
      if (running === null) return soapFault('sf:INVALID_CROSS_REFERENCE_KEY', 'INVALID_CROSS_REFERENCE_KEY: invalid cross reference id')
      return soapReply('checkDeployStatus', [xmlOf('result', shown(running, isTrue(body['includeDetails'])))])
    },
    cancelDeploy: (body) => soapReply('cancelDeploy', [xmlOf('result', { done: true, id: body['id'] ?? body['String'] })]),
    describeMetadata: () => soapReply('describeMetadata', [xmlOf('result', DESCRIBED)]),
    listMetadata: (body) =>
      soapReply(
        'listMetadata',
        elementsOf(body['queries']).flatMap((query) => listed(textOf(query['type']) ?? '').map((each) => xmlOf('result', each))),
      ),
    readMetadata(body) {
      const type = textOf(body['type']) ?? ''
      const records = listOf(body['fullNames']).map((name) => read(org, components, type, String(name)))
      const xml = records.map((record) => (record === null ? '<records xsi:nil="true"/>' : xmlOf('records', { $type: type, ...record })))
      return soapReply('readMetadata', [`<result>${xml.join('')}</result>`])
    },
    createMetadata: (body, exchange) => saved('createMetadata', body, exchange, 'create'),
    updateMetadata: (body, exchange) => saved('updateMetadata', body, exchange, 'update'),
    upsertMetadata: (body, exchange) => saved('upsertMetadata', body, exchange, 'upsert'),
    deleteMetadata(body, exchange) {
      const type = textOf(body['type']) ?? ''
      const results = listOf(body['fullNames']).map((name) => {
        const fullName = String(name)
        const { problem, apply } = deletionOf(org, components, { type, fullName }, exchange.userId)
        if (problem === null) apply()
        return xmlOf('result', outcome({ fullName, created: false, problem: problem?.text ?? null }, 'delete'))
      })
      return soapReply('deleteMetadata', results)
    },
  }

  const saved = (method: string, body: Element, exchange: Exchange, how: 'create' | 'update' | 'upsert'): Reply => {
    const given = elementsOf(body['metadata'])
    if (given.length > MOST_COMPONENTS_PER_CALL)
      return soapFault(
        'sf:EXCEEDED_ID_LIMIT',
        `EXCEEDED_ID_LIMIT: record limit reached. cannot submit more than ${MOST_COMPONENTS_PER_CALL} records into this call`,
      )
    const results = given.map((metadata) => {
      const type = plainText(metadata['@type'] ?? metadata['@xsi:type']).replace(/^\w+:/, '')
      return xmlOf('result', outcome(upsert(org, components, type, metadata, exchange.userId, how), how))
    })
    return soapReply(method, results)
  }

  const listed = (type: string): Record<string, unknown>[] => {
    const at = instantText(org.now()).replace('+0000', 'Z')
    const file = (fullName: string, id: string | null, fileName: string): Record<string, unknown> => ({
      createdById: '',
      createdByName: '',
      createdDate: at,
      fileName,
      fullName,
      id,
      lastModifiedById: '',
      lastModifiedByName: '',
      lastModifiedDate: at,
      manageableState: 'unmanaged',
      type,
    })
    if (type === 'CustomField')
      return org.schema
        .objects()
        .flatMap((object) =>
          [...org.schema.fields(object).values()]
            .filter((field) => field.custom === true)
            .map((field) => file(`${object}.${field.name}`, org.schema.customId(object, field.name), `objects/${object}.object`)),
        )
    if (type === 'PermissionSet')
      return [...org.store.after('PermissionSet', null, false)]
        .filter((row) => row['IsOwnedByProfile'] !== true)
        .map((row) => file(String(row['Name']), String(row['Id']), `permissionsets/${String(row['Name'])}.permissionset`))
    if (type === 'CustomObject') return org.schema.objects().map((object: ObjectName) => file(object, null, `objects/${object}.object`))
    return components.all(type).map((each) => file(each.fullName, each.id, each.fullName))
  }

  const mayDeploy = (userId: string): boolean => {
    const permissions = org.access.permissions(userId)
    return permissions.has('ModifyMetadata') || permissions.has('ModifyAllData')
  }
  const NOT_ALLOWED = 'INSUFFICIENT_ACCESS: use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions'

  return {
    soap(exchange) {
      const method = soapMethodOf(exchange.text) ?? ''
      const call = calls[method]
      if (call === undefined)
        return soapFault('soapenv:Client', `No operation available for request {http://soap.sforce.com/2006/04/metadata}${method}`)
      if (!mayDeploy(exchange.userId)) return soapFault('sf:INSUFFICIENT_ACCESS', NOT_ALLOWED)
      return call(soapBody(exchange.text), exchange)
    },
    rest(exchange) {
      const { method, rest } = exchange
      if (rest[1] !== 'deployRequest') throw notFound()
      if (!mayDeploy(exchange.userId)) throw refuse(403, 'INSUFFICIENT_ACCESS', NOT_ALLOWED)
      if (rest[2] === undefined) {
        if (method !== 'POST') throw methodNotAllowed(method)
        const { zip, json } = formParts(exchange)
        const running = start(zip, elementOf(members(json)['deployOptions']), exchange)
        return created({ id: running.id, deployOptions: running.options, deployResult: null, validatedDeployRequestId: null })
      }
      const running = find(rest[2])
      if (running === null) throw notFound()
      if (method === 'PATCH') return noContent
      const result = shown(running, exchange.query.get('includeDetails') === 'true')
      return ok({ id: running.id, deployResult: result, deployOptions: running.options })
    },
  }
}

function details(messages: readonly Message[], at: string): Record<string, unknown> {
  const wire = (each: Message): Record<string, unknown> => ({
    changed: each.changed,
    columnNumber: each.columnNumber,
    componentType: each.componentType,
    created: each.created,
    createdDate: at,
    deleted: each.deleted,
    fileName: each.fileName,
    fullName: each.fullName,
    id: each.id,
    lineNumber: each.lineNumber,
    problem: each.problem,
    problemType: each.problemType,
    success: each.success,
  })
  return {
    componentFailures: messages.filter((each) => !each.success).map(wire),
    componentSuccesses: messages.filter((each) => each.success).map(wire),
    runTestResult: { numFailures: 0, numTestsRun: 0, totalTime: 0 },
  }
}

const outcome = ({ fullName, created: isNew, problem }: Saved, how: string): Record<string, unknown> => ({
  ...(how === 'upsert' ? { created: problem === null && isNew } : {}),
  ...(problem === null ? {} : { errors: [{ message: problem, statusCode: 'FIELD_INTEGRITY_EXCEPTION' }] }),
  fullName,
  success: problem === null,
})

/** The two parts of the form a REST deployment comes in. */
function formParts({ headers, bytes }: Exchange): { readonly zip: Uint8Array; readonly json: unknown } {
  const boundary = /boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1]
  if (boundary === undefined) throw refuse(400, 'INVALID_MULTIPART_REQUEST', 'A multipart form was expected')
  const parts = bytes.toString('latin1').split(`--${boundary}`)
  const bodyOf = (name: string): Buffer => {
    const part = parts.find((each) => each.includes(`name="${name}"`)) ?? ''
    return Buffer.from(part.slice(part.indexOf('\r\n\r\n') + 4, -2), 'latin1')
  }
  return { zip: bodyOf('file'), json: JSON.parse(bodyOf('entity_content').toString() || '{}') as unknown }
}

const DESCRIBED = {
  metadataObjects: [
    {
      childXmlNames: ['CustomField', 'ListView', 'ValidationRule', 'RecordType'],
      directoryName: 'objects',
      inFolder: false,
      metaFile: false,
      suffix: 'object',
      xmlName: 'CustomObject',
    },
    { directoryName: 'permissionsets', inFolder: false, metaFile: false, suffix: 'permissionset', xmlName: 'PermissionSet' },
    { directoryName: 'layouts', inFolder: false, metaFile: false, suffix: 'layout', xmlName: 'Layout' },
    { directoryName: 'flexipages', inFolder: false, metaFile: false, suffix: 'flexipage', xmlName: 'FlexiPage' },
    { directoryName: 'flows', inFolder: false, metaFile: false, suffix: 'flow', xmlName: 'Flow' },
    { directoryName: 'reports', inFolder: true, metaFile: false, suffix: 'report', xmlName: 'Report' },
    { directoryName: 'lwc', inFolder: false, metaFile: false, xmlName: 'LightningComponentBundle' },
  ],
  organizationNamespace: '',
  partialSaveAllowed: false,
  testRequired: false,
}
