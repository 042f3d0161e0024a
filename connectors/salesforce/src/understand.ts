import type { CrmRecord, RefusedRecord, Seen } from '@assay/shared'
import { firstOwners, historyOf } from './history.ts'
import { instant, isAssayTask, isCopy, isDeleted, modifiedOf, recordOf, tombstone, type Price } from './map.ts'
import { CURRENCY, OBJECTS, STAMP, type ObjectType } from './objects.ts'
import type { Asked, Org } from './org.ts'
import { rowsByIds } from './query.ts'
import type { WireRecord } from './wire.ts'

export interface Understood {
  readonly records: readonly CrmRecord[]
  readonly refused: readonly RefusedRecord[]
}

/** What the standard price book says of these products; in an org with several currencies the company's own price, else the first one. */
const pricesOf = async (org: Org, products: readonly string[]): Promise<Map<string, Price>> => {
  const prices = new Map<string, Price>()
  if (products.length === 0 || (await org.describe('PricebookEntry')) === null || (await org.describe('Pricebook2')) === null) return prices
  const { home, rates } = await org.currencies()
  const fields = ['Product2Id', 'UnitPrice', STAMP, ...(rates === null ? [] : [CURRENCY])]
  const where = 'Pricebook2.IsStandard = true'
  for (const row of await rowsByIds(org.client, fields, 'PricebookEntry', 'Product2Id', products, { where, orderBy: 'Product2Id, Id' })) {
    const id = String(row['Product2Id'])
    const currency = rates === null ? home : String(row[CURRENCY])
    const known = prices.get(id)
    const version = Math.max(known?.version ?? 0, modifiedOf(row) ?? 0)
    if (known === undefined || currency === home)
      prices.set(id, { price: typeof row['UnitPrice'] === 'number' ? row['UnitPrice'] : null, currency, version })
    else prices.set(id, { ...known, version })
  }
  return prices
}

/** The tasks among these that are Assay's own. Only those that this sign-in made are looked at more closely: a body is nobody's business. */
const ownTasks = async (org: Org, rows: readonly WireRecord[]): Promise<Set<string>> => {
  const { userId } = await org.client.identity()
  const mine = rows.filter((row) => String(row['CreatedById']).slice(0, 15) === userId.slice(0, 15)).map((row) => String(row['Id']))
  const found = await rowsByIds(org.client, ['Id', 'Description'], 'Task', 'Id', mine, { all: true })
  return new Set(
    found.filter((row) => isAssayTask(typeof row['Description'] === 'string' ? row['Description'] : null)).map((row) => String(row['Id'])),
  )
}

const PRODUCT = OBJECTS.find(({ name }) => name === 'Product2')

/** Rows of one object in our words, with what hangs on them. */
export const understood = async (
  org: Org,
  object: ObjectType,
  asked: Asked,
  rows: readonly WireRecord[],
  seen: Seen,
): Promise<Understood> => {
  if (object.name === 'PricebookEntry') return pricedAnew(org, rows)
  const refused = rows
    .filter((row) => modifiedOf(row) === null)
    .map((row): RefusedRecord => ({ kind: object.kind, where: `${object.name} ${String(row['Id'])}`, why: `no date in ${STAMP}` }))
  const own = object.name === 'Task' ? await ownTasks(org, rows) : new Set<string>()
  const known = rows.filter((row) => modifiedOf(row) !== null && !own.has(String(row['Id'])) && !isCopy(row))
  if (known.length === 0) return { records: [], refused }
  const live = known.filter((row) => !isDeleted(row))
  const { home, rates } = await org.currencies()
  const context = {
    seen,
    currency: home,
    rates,
    custom: asked.custom,
    stages: object.kind === 'deal' ? await org.stages() : new Map(),
    prices:
      object.kind === 'product'
        ? await pricesOf(
            org,
            live.map((row) => String(row['Id'])),
          )
        : new Map<string, Price>(),
  }
  const records = known.map((row) => recordOf(object, row, context))
  if (object.kind !== 'deal') return { records, refused }
  // In a first round the histories come by jobs of their own.
  const history = seen === 'first' ? await firstOwners(org, live) : await historyOf(org, live, context.stages)
  return { records: [...records, ...history], refused }
}

/** A price that changed makes its product a new version, although the product itself was not touched. */
const pricedAnew = async (org: Org, entries: readonly WireRecord[]): Promise<Understood> => {
  const ids = [...new Set(entries.map((row) => String(row['Product2Id'])))]
  if (PRODUCT === undefined || ids.length === 0) return { records: [], refused: [] }
  const asked = await org.asked(PRODUCT)
  const custom = asked.custom.map(({ name }) => name)
  const rows = await rowsByIds(org.client, asked.fields, PRODUCT.name, 'Id', ids, { custom })
  return understood(org, PRODUCT, asked, rows, 'changed')
}

/** Of what is said to be deleted, what is: gone altogether, or in the bin and (with a window) not told already among what was modified in it. */
export const deletions = async (
  org: Org,
  object: ObjectType,
  deleted: readonly { readonly id: string; readonly deletedDate: string }[],
  window: { readonly from: number; readonly until: number } | null,
): Promise<CrmRecord[]> => {
  const at = new Map(deleted.map(({ id, deletedDate }) => [id, instant(deletedDate) ?? org.client.clock()]))
  const fields = ['Id', 'IsDeleted', STAMP, ...(object.merges ? ['MasterRecordId'] : [])]
  const found = new Map(
    (await rowsByIds(org.client, fields, object.name, 'Id', [...at.keys()], { all: true })).map((row) => [String(row['Id']), row]),
  )
  const records: CrmRecord[] = []
  for (const [id, when] of at) {
    const row = found.get(id)
    const stamp = row === undefined ? null : modifiedOf(row)
    // Restored meanwhile, or told already.
    const told = window !== null && stamp !== null && stamp >= window.from && stamp < window.until
    if (row !== undefined && (!isDeleted(row) || told)) continue
    const winner = row?.['MasterRecordId']
    records.push(tombstone(object.kind, id, Math.max(when, stamp ?? 0), typeof winner === 'string' ? winner : null))
  }
  return records
}
