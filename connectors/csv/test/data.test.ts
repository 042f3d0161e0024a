import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CrmRecord } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { outcomesOf, profile, readMapping } from '../src/index.ts'
import { readLive, session } from './folder.ts'

// The public data sets lie beside the checkout, or where ASSAY_DATA says. Their known counts are those of their SOURCE.md files.
const ROOT = join(import.meta.dirname, '../../..')
const DATA = process.env['ASSAY_DATA'] ?? join(ROOT, '../shared/data')
const there = existsSync(join(DATA, 'online-retail'))
if (!there) console.info(`left out: counts on public data: ${DATA} is not there (set ASSAY_DATA)`)

const folderOf = (name: string): string => join(DATA, name)
const mappingFor = (name: string): string => join(ROOT, 'test/e2e/mappings', name, 'mapping.json')
const profileOf = async (name: string) => profile(folderOf(name), await readMapping(folderOf(name), { mappingFile: mappingFor(name) }))

describe.skipIf(!there)(`public data${there ? '' : ` (not found at ${DATA}: set ASSAY_DATA)`}`, () => {
  it('online-retail: lines, invoices, customers, duplicates', { timeout: 120_000 }, async () => {
    const { files, sections, notes } = await profileOf('online-retail')
    const [file] = files
    expect(file).toMatchObject({ rows: 541_909, exactDuplicates: 5_268, broken: null })
    expect(sections.find(({ section }) => section === 'lineItems')).toMatchObject({ records: 541_909, refused: 0 })
    expect(sections.find(({ section }) => section === 'deals')).toMatchObject({ records: 25_900, withoutCustomer: 135_080, refused: 0 })
    const columns = Object.fromEntries(file!.columns.map((column) => [column.name, column]))
    expect(columns['Country']).toMatchObject({ distinct: 38, type: 'text' })
    expect(columns['InvoiceDate']).toMatchObject({
      type: 'date',
      format: 'iso with time',
      min: '2010-12-01T08:26:00.000Z',
      max: '2011-12-09T12:50:00.000Z',
    })
    expect(columns['Quantity']).toMatchObject({ negative: 10_624, min: -80_995 })
    expect(columns['StockCode']?.mixedCase?.codes).toBeGreaterThan(0)
    expect(notes).toEqual([])
  })

  it('online-retail: records, and the known total', { timeout: 120_000 }, async () => {
    let total = 0
    let first: CrmRecord | undefined
    for await (const page of session(folderOf('online-retail'), mappingFor('online-retail')).read('lineItem', null)) {
      first ??= page.records[0]
      for (const record of page.records)
        if (record.kind === 'lineItem' && !record.deleted) total += record.body.quantity! * record.body.unitPrice!
    }
    expect(total).toBeCloseTo(9_747_747.93, 1)
    expect(first).toMatchObject({
      id: '1',
      knownAt: Date.UTC(2010, 11, 1, 8, 26),
      body: { dealId: '536365', productId: '85123A', currency: 'GBP' },
    })
    const deals = await readLive(folderOf('online-retail'), 'deal', mappingFor('online-retail'))
    expect(new Set(deals.map(({ body }) => body.accountId).filter((id) => id !== null)).size).toBe(4_372)
    expect(deals.every(({ body }) => body.isWon === true && body.amount === null)).toBe(true)
  })

  it('telco-churn: 1,869 of 7,043 left; 11 blank totals', async () => {
    const folder = folderOf('telco-churn')
    const mapping = await readMapping(folder, { mappingFile: mappingFor('telco-churn') })
    const [outcome] = outcomesOf(mapping)
    const accounts = await readLive(folder, 'account', mappingFor('telco-churn'))
    expect(accounts).toHaveLength(7_043)
    expect(accounts.filter(({ attributes }) => outcome?.isPositive(attributes['Churn']) === true)).toHaveLength(1_869)
    const blank = accounts.filter(({ attributes }) => attributes['TotalCharges'] === null)
    expect(blank.map(({ attributes }) => attributes['tenure'])).toEqual(Array.from({ length: 11 }, () => 0))
    expect(accounts[0]?.attributes).toMatchObject({ MonthlyCharges: 29.85, Contract: 'Month-to-month' })
  })

  it('telco-churn: the same is found without a mapping.json', async () => {
    const [outcome] = outcomesOf(await readMapping(folderOf('telco-churn')))
    expect(outcome).toMatchObject({ miner: 'churn', attribute: 'Churn', positive: 'Yes' })
  })

  it('marketing-campaign: semicolons, BOM, 334 of 2,240 responded, constant columns', async () => {
    const { files, sections } = await profileOf('marketing-campaign')
    expect(files[0]).toMatchObject({ delimiter: ';', byteOrderMark: true, rows: 2_240 })
    expect(sections[0]).toMatchObject({ records: 2_240, refused: 0, hasId: true })
    expect(files[0]!.columns.filter(({ constant }) => constant).map(({ name }) => name)).toEqual(['Z_CostContact', 'Z_Revenue'])
    const [outcome] = outcomesOf(await readMapping(folderOf('marketing-campaign'), { mappingFile: mappingFor('marketing-campaign') }))
    const accounts = await readLive(folderOf('marketing-campaign'), 'account', mappingFor('marketing-campaign'))
    expect(outcome?.miner).toBe('response')
    expect(accounts.filter(({ attributes }) => outcome?.isPositive(attributes['Response']) === true)).toHaveLength(334)
  })

  it('bank-marketing: no id, file order, 4,640 of 41,188 responded, 12 exact duplicates', { timeout: 60_000 }, async () => {
    const { files } = await profileOf('bank-marketing')
    expect(files[0]).toMatchObject({ rows: 41_188, exactDuplicates: 12 })
    const [outcome] = outcomesOf(await readMapping(folderOf('bank-marketing'), { mappingFile: mappingFor('bank-marketing') }))
    expect(outcome).toMatchObject({ order: 'file', miner: 'response', ignore: ['duration'] })
    const accounts = await readLive(folderOf('bank-marketing'), 'account', mappingFor('bank-marketing'))
    expect(accounts.at(-1)?.id).toBe('41188')
    expect(accounts.filter(({ attributes }) => outcome?.isPositive(attributes['y']) === true)).toHaveLength(4_640)
    expect(accounts[0]?.attributes).not.toHaveProperty('duration')
  })

  it('maven-crm: stages, open deals without account, a product that almost matches', async () => {
    const { sections, orphans } = await profileOf('maven-crm')
    expect(sections.find(({ section }) => section === 'deals')).toMatchObject({ records: 8_800, withoutCustomer: 1_425, refused: 0 })
    expect(sections.find(({ section }) => section === 'accounts')).toMatchObject({ records: 85 })
    expect(orphans.find(({ from }) => from === 'lineItems.product')).toMatchObject({ nearMatches: [{ key: 'GTXPro', meant: 'GTX Pro' }] })
    const deals = await readLive(folderOf('maven-crm'), 'deal', mappingFor('maven-crm'))
    const won = deals.filter(({ body }) => body.isWon === true)
    expect(won).toHaveLength(4_238)
    expect(deals.filter(({ body }) => body.isClosed === true && body.isWon === false)).toHaveLength(2_473)
    expect(deals.filter(({ body }) => body.isClosed === false && body.accountId === null)).toHaveLength(1_425)
    expect(won.reduce((sum, { body }) => sum + body.amount!, 0)).toBe(10_005_534)
  })

  it('olist-funnel: 842 of 8,000 leads converted, in another file', async () => {
    const leads = await readLive(folderOf('olist-funnel'), 'lead', mappingFor('olist-funnel'))
    const [outcome] = outcomesOf(await readMapping(folderOf('olist-funnel'), { mappingFile: mappingFor('olist-funnel') }))
    expect(leads).toHaveLength(8_000)
    expect(outcome).toMatchObject({ miner: 'conversion', dated: true })
    const converted = leads.filter(({ attributes }) => outcome?.isPositive(attributes['outcome']) === true)
    expect(converted).toHaveLength(842)
    expect(converted.every(({ body }) => body.convertedAt !== null)).toBe(true)
  })
})
