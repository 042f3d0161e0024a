import { methodNotAllowed, notFound, type Exchange } from '../exchange.ts'
import { TYPE_IDS } from '../object-types.ts'
import { PORTAL_ID } from '../identity.ts'
import { typeOrRefuse, UTC_OFFSET_MS, type Portal } from '../portal.ts'
import { ok, refuse, type Reply } from '../reply.ts'
import { readScope, schemaScope } from '../scopes.ts'
import { compareIds, instantText } from '../values.ts'

/** `/crm/v3/owners[/{id}]`; a slash at the end is accepted, and the cursor means nothing to others. */
export function ownersRoute(portal: Portal): (exchange: Exchange) => Reply {
  return ({ method, rest, query, link, need }) => {
    need('crm.objects.owners.read')
    if (method !== 'GET') return methodNotAllowed()
    const archived = query.get('archived') === 'true'
    const owners = portal.store.source.users
      .map((user) => {
        const [firstName = '', ...others] = (user.body.name ?? '').split(' ')
        const at = instantText(user.body.createdAt ?? user.knownAt)
        const userId = Number(user.id) + 10_000_000
        const gone = user.body.isActive === false
        return {
          id: user.id,
          email: user.body.email,
          type: 'PERSON',
          firstName,
          lastName: others.join(' '),
          ...(gone ? {} : { userId }),
          userIdIncludingInactive: userId,
          createdAt: at,
          updatedAt: instantText(user.version),
          archived: gone,
        }
      })
      .sort((left, right) => compareIds(left.id, right.id))
    const id = rest[0] ?? ''
    if (id !== '') {
      const found = owners.find((owner) => owner.id === id && owner.archived === archived)
      if (found === undefined) throw notFound()
      return ok(found)
    }
    const limit = Number(query.get('limit') ?? 100)
    if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw refuse(400, 'VALIDATION_ERROR', 'limit must be between 1 and 500')
    const after = query.get('after')
    const email = query.get('email')
    const last = after === null ? '' : Buffer.from(after, 'base64').toString()
    const rows = owners.filter(
      (owner) => owner.archived === archived && compareIds(owner.id, last) > 0 && (email === null || owner.email === email),
    )
    const page = rows.slice(0, limit)
    const cursor = rows.length > limit ? Buffer.from(page.at(-1)?.id ?? '').toString('base64') : null
    return ok({
      results: page,
      ...(cursor === null ? {} : { paging: { next: { after: cursor, link: `${link}/?limit=${limit}&after=${cursor}` } } }),
    })
  }
}

/** `/crm/v3/pipelines/{deals|tickets}[/{id}[/stages[/{stage}]]]`, to read. */
export function pipelinesRoute(portal: Portal): (exchange: Exchange) => Reply {
  return ({ method, rest, need }) => {
    const type = typeOrRefuse(rest[0] ?? '')
    need(...schemaScope(type, 'read'))
    if (method !== 'GET') return methodNotAllowed()
    const all = type === 'deals' ? portal.pipelines().deals : type === 'tickets' ? portal.pipelines().tickets : []
    const [, id, stages, stageId] = rest
    if (id === undefined) return ok({ results: all })
    const pipeline = all.find((each) => each.id === id)
    if (pipeline === undefined) throw notFound()
    if (stages === undefined) return ok(pipeline)
    if (stageId === undefined) return ok({ results: pipeline.stages })
    const stage = pipeline.stages.find((each) => each.id === stageId)
    if (stage === undefined) throw notFound()
    return ok(stage)
  }
}

/** `/crm-object-schemas/v3/schemas[/{type}]`: the one custom object. */
export function schemasRoute(portal: Portal): (exchange: Exchange) => Reply {
  return ({ method, rest, need }) => {
    need('crm.schemas.custom.read', ...readScope('subscriptions'))
    if (method !== 'GET') return methodNotAllowed()
    const at = instantText(Date.UTC(2020, 0, 1))
    const schema = {
      id: TYPE_IDS.subscriptions.slice(2),
      name: 'subscriptions',
      objectTypeId: TYPE_IDS.subscriptions,
      fullyQualifiedName: `p${PORTAL_ID}_subscriptions`,
      labels: { singular: 'Subscription', plural: 'Subscriptions' },
      primaryDisplayProperty: 'name',
      secondaryDisplayProperties: [],
      requiredProperties: [],
      searchableProperties: ['name'],
      properties: portal.properties.visible('subscriptions', false),
      associations: [
        { id: '7101', name: 'subscription_to_company', fromObjectTypeId: TYPE_IDS.subscriptions, toObjectTypeId: TYPE_IDS.companies },
        { id: '7103', name: 'subscription_to_contact', fromObjectTypeId: TYPE_IDS.subscriptions, toObjectTypeId: TYPE_IDS.contacts },
      ],
      createdAt: at,
      updatedAt: at,
      archived: false,
    }
    if (rest[0] === undefined) return ok({ results: [schema] })
    if (typeOrRefuse(rest[0]) !== 'subscriptions') throw notFound()
    return ok(schema)
  }
}

/** `/account-info/v3/details` and the day's use of calls. */
export function accountRoute(
  portal: Portal,
  usage: () => { limit: number; used: number; resetsAt: number },
): (exchange: Exchange) => Reply {
  return ({ method, rest }) => {
    if (method !== 'GET') return methodNotAllowed()
    const { source } = portal.store
    if (rest[0] === 'details')
      return ok({
        portalId: PORTAL_ID,
        accountType: 'STANDARD',
        timeZone: 'US/Eastern',
        companyCurrency: source.currency,
        additionalCurrencies: Object.keys(source.rates).filter((currency) => currency !== source.currency),
        utcOffset: '-05:00',
        utcOffsetMilliseconds: UTC_OFFSET_MS,
        uiDomain: 'app.hubspot.com',
        dataHostingLocation: 'na1',
      })
    if (rest.join('/') !== 'api-usage/daily/private-apps') throw notFound()
    const { limit, used, resetsAt } = usage()
    return ok({
      results: [
        {
          name: 'private-apps-api-calls-daily',
          usageLimit: limit,
          currentUsage: used,
          collectedAt: instantText(portal.now()),
          fetchStatus: 'SUCCESS',
          resetsAt: instantText(resetsAt),
        },
      ],
    })
  }
}
