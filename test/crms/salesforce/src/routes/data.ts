import type { Route } from '../exchange.ts'
import type { Limits } from '../limits.ts'
import type { Org } from '../org.ts'
import { ORGANIZATION_ID } from '../people.ts'
import { ok } from '../reply.ts'
import { NEWEST_VERSION, OLDEST_VERSION } from '../router.ts'

const SEASONS = ['Spring', 'Summer', 'Winter']

/** `/services/data`: v31 was Summer '14, three releases a year. */
export const versionsRoute: Route = () =>
  ok(
    Array.from({ length: NEWEST_VERSION - OLDEST_VERSION + 1 }, (_, position) => {
      const version = OLDEST_VERSION + position
      const release = version - 30
      const year = 14 + Math.floor(release / 3) + (release % 3 === 2 ? 1 : 0)
      return { label: `${SEASONS[release % 3]} '${year}`, url: `/services/data/v${version}.0`, version: `${version}.0` }
    }),
  )

export const resourcesRoute =
  (url: () => string): Route =>
  ({ prefix, userId }) =>
    ok({
      ...Object.fromEntries(
        ['tooling', 'query', 'queryAll', 'sobjects', 'limits', 'composite', 'jobs', 'metadata'].map((name) => [name, `${prefix}/${name}`]),
      ),
      identity: `${url()}/id/${ORGANIZATION_ID}/${userId}`,
    })

/** `/limits` and `/limits/recordCount`. */
export function limitsRoute(org: Org, limits: Limits): Route {
  return ({ rest, query }) => {
    if (rest[1] === 'recordCount') {
      const names = (query.get('sObjects') ?? '').split(',').filter((name) => name !== '')
      const objects = (names.length === 0 ? org.schema.objects() : names).flatMap((name) => org.schema.object(name) ?? [])
      return ok({
        sObjects: objects.map((object) => ({ count: org.store.count(object), name: object })),
      })
    }
    const { max, used } = limits.usage(org.now())
    const full = (most: number): { Max: number; Remaining: number } => ({ Max: most, Remaining: most })
    return ok({
      DailyApiRequests: { Max: max, Remaining: Math.max(0, max - used) },
      DailyBulkApiBatches: full(15_000),
      DailyBulkV2QueryJobs: full(10_000),
      DailyBulkV2QueryFileStorageMB: full(976_562),
      DataStorageMB: full(10_000),
      FileStorageMB: full(10_000),
      HourlyAsyncReportRuns: full(1_200),
      HourlyPublishedPlatformEvents: full(250_000),
      SingleEmail: full(5_000),
    })
  }
}
