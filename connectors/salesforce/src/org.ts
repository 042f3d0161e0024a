import { AssayError, once, type Host } from '@assay/shared'
import type { SalesforceClient } from './client.ts'
import { instant, isAttribute, type Rate, type Stage } from './map.ts'
import { FIELD_HISTORY, PERSON, CURRENCY, type Feature, type ObjectType } from './objects.ts'
import { rowsOf } from './query.ts'
import type { WireDescribe, WireField } from './wire.ts'

export interface Currencies {
  /** The company's own; null where the org has but one and does not say which. */
  readonly home: string | null
  /** By currency, ascending by day; null in an org with one currency. */
  readonly rates: ReadonlyMap<string, readonly Rate[]> | null
}

/** What is asked for of one object, and what of it this sign-in cannot see. */
export interface Asked {
  readonly fields: readonly string[]
  readonly custom: readonly WireField[]
  /** `Account.Website` */
  readonly unseen: readonly string[]
}

/** What a session asks the org once and then knows. */
export interface Org {
  readonly client: SalesforceClient
  readonly host: Host
  /** An object with the fields that this sign-in may see; null where it may not see the object, or there is none. */
  describe(name: string): Promise<WireDescribe | null>
  /** Rejects (`config`) when the object may not be read. */
  asked(object: ObjectType): Promise<Asked>
  has(feature: Feature): Promise<boolean>
  currencies(): Promise<Currencies>
  /** Deal stages by name. */
  stages(): Promise<ReadonlyMap<string, Stage>>
  /** Whether changes of a deal's owner are written into its history. */
  ownersTracked(): Promise<boolean>
  /** The status that closes a task: orgs have their own words for it. */
  doneStatus(): Promise<string>
}

export const readRight = (object: string): string => `Read on ${object}`
export const readHint = (object: string): string =>
  `Assign the permission set "Assay reading" to the integration user, or give it "Read" and "View All Records" on ${object}; and see that the org's edition has that object.`

/** An object that may not be read is never taken for an empty one. */
export const unreadable = (object: string): AssayError =>
  new AssayError('config', `Salesforce does not show ${object} to this sign-in: ${readRight(object)} is missing.`, {
    hint: readHint(object),
  })

export const openOrg = (client: SalesforceClient, host: Host, currency: string | undefined): Org => {
  const described = new Map<string, () => Promise<WireDescribe | null>>()
  const describe = (name: string): Promise<WireDescribe | null> => {
    let ask = described.get(name)
    if (ask === undefined) {
      ask = once(async () => {
        const answer = await client.call({ path: `/sobjects/${name}/describe`, accept: [403, 404] })
        const body = answer.body as WireDescribe
        return answer.status >= 400 || !body.queryable ? null : body
      })
      described.set(name, ask)
    }
    return ask()
  }
  const shows = async (object: string, field: string): Promise<boolean> =>
    (await describe(object))?.fields.some(({ name }) => name === field) === true
  const has = (feature: Feature): Promise<boolean> => {
    if (feature === 'personAccounts') return shows('Account', PERSON)
    if (feature === 'currencies') return shows('Opportunity', CURRENCY)
    // Where there is none of these, nobody can say whether it is hidden or was never there.
    return Promise.resolve(false)
  }

  const org: Org = {
    client,
    host,
    describe,
    has,
    async asked(object) {
      const shown = await describe(object.name)
      if (shown === null) throw unreadable(object.name)
      const names = new Set(shown.fields.map(({ name }) => name))
      const fields: string[] = []
      const unseen: string[] = []
      for (const field of object.fields) {
        const [parent = '', below] = field.split('.')
        const visible = below === undefined ? names.has(field) : names.has(`${parent}Id`) && (await shows(parent, below))
        const feature = object.featured[field]
        if (visible) fields.push(field)
        else if (feature === undefined || (await has(feature))) unseen.push(`${object.name}.${field}`)
      }
      return { fields, custom: shown.fields.filter(isAttribute), unseen }
    },
    currencies: once(async () => {
      if (!(await has('currencies'))) return { home: currency ?? null, rates: null }
      const rates = new Map<string, Rate[]>()
      let home = currency ?? null
      for await (const rows of rowsOf(client, 'SELECT IsoCode, ConversionRate, IsCorporate FROM CurrencyType')) {
        for (const row of rows) {
          if (row['IsCorporate'] === true) home = String(row['IsoCode'])
          rates.set(String(row['IsoCode']), [{ from: -Infinity, rate: Number(row['ConversionRate']) }])
        }
      }
      // Dated rates are a feature of their own; where it is on they win.
      if ((await describe('DatedConversionRate')) === null) return { home, rates }
      const dated = new Map<string, Rate[]>()
      for await (const rows of rowsOf(client, 'SELECT IsoCode, StartDate, ConversionRate FROM DatedConversionRate ORDER BY StartDate')) {
        for (const row of rows) {
          const code = String(row['IsoCode'])
          const from = instant(row['StartDate']) ?? -Infinity
          dated.set(code, [...(dated.get(code) ?? []), { from, rate: Number(row['ConversionRate']) }])
        }
      }
      for (const [code, known] of dated) rates.set(code, known)
      return { home, rates }
    }),
    stages: once(async () => {
      const stages = new Map<string, Stage>()
      if ((await describe('OpportunityStage')) === null) return stages
      for await (const rows of rowsOf(client, 'SELECT ApiName, MasterLabel, IsClosed, IsWon FROM OpportunityStage')) {
        for (const row of rows) {
          const stage = { isClosed: row['IsClosed'] === true, isWon: row['IsWon'] === true }
          for (const name of [row['MasterLabel'], row['ApiName']]) if (typeof name === 'string') stages.set(name, stage)
        }
      }
      return stages
    }),
    ownersTracked: once(async () => {
      if ((await describe(FIELD_HISTORY)) === null) return false
      for await (const rows of rowsOf(client, `SELECT Id FROM ${FIELD_HISTORY} WHERE Field = 'Owner' LIMIT 1`))
        if (rows.length > 0) return true
      return false
    }),
    doneStatus: once(async () => {
      if ((await describe('TaskStatus')) !== null)
        for await (const rows of rowsOf(client, 'SELECT ApiName FROM TaskStatus WHERE IsClosed = true ORDER BY SortOrder LIMIT 1'))
          for (const row of rows) if (typeof row['ApiName'] === 'string') return row['ApiName']
      return 'Completed'
    }),
  }
  return org
}
