import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { tried as inWords } from '../../../sidecar/src/cli/say.ts'
import { seededRng } from '../../../sidecar/src/numeric/rng.ts'
import { figure, reportOf, tried } from './folders.ts'

/** Exports with what is usually wrong in them. What cannot be right is said; nothing is moved by one bad cell. */
let folder: string
afterEach(() => rm(folder, { recursive: true }))
const SLOW = 600_000
const DAY = 86_400_000

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), 'assay-others-'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}

/** Two years of invoices of 60 customers, two lines each; every third line is a discount. */
function invoices(sign: (invoice: number) => string = () => ''): string[] {
  const rows: string[] = []
  for (let i = 0; i < 1_200; i++) {
    const day = new Date(Date.UTC(2022, 0, 3) + Math.floor(i * 0.6) * DAY).toISOString().slice(0, 10)
    const customer = (i * 7 + Math.floor(i / 60)) % 60
    rows.push(`${i},c${customer},${day},P${i % 9},1,${i % 3 === 0 ? `-1` : `${sign(i)}20`},${i % 3 === 0 ? `-1` : `${sign(i)}20`}`)
    rows.push(`${i},c${customer},${day},P${(i + 4) % 9},2,${sign(i)}40,${sign(i)}80`)
  }
  return rows
}
const HEADER = 'InvoiceNo,Customer ID,InvoiceDate,ProductCode,Quantity,UnitPrice,Total'

describe('invoice lines of another shop', () => {
  test(
    'an invoice is worth its lines, and one date that is wrong moves nothing',
    async () => {
      const document = await tried(
        await folderOf({
          'invoices.csv': [HEADER, ...invoices(), '9999,c1,2031-05-05,P1,1,20,20', '9998,c2,2024-10-05,P1,1,20,20'].join('\n'),
        }),
      )
      expect(document.read.today).toBe('2023-12-23')
      expect(document.read.notes.join('\n')).toContain('2 events lie after 2023-12-23, the newest on 2031-05-05')
      expect(document.read.notes.join('\n')).toContain('worth what its lines add up to')
      expect(document.readiness.find(({ miner }) => miner === 'value')).toMatchObject({ ready: true })
      const value = reportOf(document, 'value')
      const [total] = value.details['totals'] as { happened: number }[]
      expect(total!.happened).toBeGreaterThan(0)
    },
    SLOW,
  )

  test(
    'two currencies side by side are not added up, lines neither',
    async () => {
      const document = await tried(await folderOf({ 'invoices.csv': [HEADER, ...invoices((i) => (i % 2 === 0 ? '€' : '$'))].join('\n') }))
      expect(document.read.notes.join('\n')).toContain('stands in 2 currencies')
      expect(document.readiness.find(({ miner }) => miner === 'value')).toMatchObject({ ready: false })
    },
    SLOW,
  )
})

/** Four years of contracts of 900 customers; cheap ones end soon, in their first half year sooner. One in ten that runs has a planned end. */
function contracts(): { readonly accounts: string[]; readonly subscriptions: string[] } {
  const random = seededRng('contracts')
  const [begin, days] = [Date.UTC(2020, 0, 6), 1_444]
  const iso = (day: number): string => new Date(begin + day * DAY).toISOString().slice(0, 10)
  const rows = Array.from({ length: 900 }, (_, i) => {
    const started = Math.floor((i * days) / 900)
    const fee = [20, 50, 200][Math.floor(random.next() * 3)]!
    const daily = 0.06 / fee
    let ended = started + 1
    while (ended <= days && random.next() > daily * (ended - started < 180 ? 1.5 : 0.8)) ended++
    const planned = random.next() < 0.1 ? iso(days + 1 + Math.floor(random.next() * 200)) : ''
    return `s${i},a${i},${iso(started)},${ended > days ? planned : iso(ended)},${fee}`
  })
  return { accounts: rows.map((_, i) => `a${i},Company ${i}`), subscriptions: rows }
}

test(
  'subscriptions alone are mined for their ends; a planned end is not today, nor is the last order where they run on',
  async () => {
    const { accounts, subscriptions } = contracts()
    const files = {
      'accounts.csv': ['id,name', ...accounts].join('\n'),
      'subscriptions.csv': ['id,account,started,ended,mrr', ...subscriptions].join('\n'),
    }
    const path = await folderOf(files)
    const document = await tried(path)
    expect(document.read.today).toMatch(/^2023-12-/)
    expect(document.read.notes[0]).toContain('by the look of it wrong or planned')
    const churn = reportOf(document, 'churn')
    expect(churn).toMatchObject({ verdict: 'publish', protocol: 'later-period' })
    expect(churn.event).toBe('no active subscription in 90 days')
    expect(figure(churn, 'auc')).toBeGreaterThan(0.62)
    expect(document.top).toHaveLength(20)
    for (const miner of ['segments', 'offers', 'value', 'wins']) {
      const { ready, note } = document.readiness.find((one) => one.miner === miner)!
      expect([ready, note]).toEqual([false, expect.stringMatching(/\d+ more /)])
    }
    const orders = Array.from(
      { length: 300 },
      (_, i) => `${i},a${i % 60},${new Date(Date.UTC(2022, 6, 1) + i * DAY).toISOString().slice(0, 10)},9`,
    )
    await writeFile(join(path, 'orders.csv'), ['id,customer,orderdate,amount', ...orders].join('\n'))
    expect((await tried(path)).read.today).toBe(document.read.today)
  },
  SLOW,
)

test(
  'stages that nobody understands are told, where it is said that nothing can be learned too',
  async () => {
    const rows = Array.from({ length: 300 }, (_, i) => {
      const day = new Date(Date.UTC(2022, 0, 3) + i * 2 * DAY).toISOString().slice(0, 10)
      return `${i},deal ${i},c${i % 40},${i % 2 === 0 ? 'Signed' : '1203949'},${day},100`
    })
    const document = await tried(await folderOf({ 'deals.csv': ['id,name,account,stage,closedate,amount', ...rows].join('\n') }))
    const said = 'None of the 300 deals in deals.csv is won: no stage says won; stages there: "1203949" (150), "Signed" (150)'
    expect(document.read.notes[0]).toContain(said)
    expect(document.readiness.find(({ miner }) => miner === 'churn')!.note).toContain(said)
  },
  SLOW,
)

test(
  'an outcome of which no value is the positive one is an error that lists them; its spelling is none',
  async () => {
    const rows = Array.from({ length: 400 }, (_, i) => `${i},${i % 3 === 0 ? 'Yes' : 'No'},${(i * 37) % 100}`)
    const mapping = (positive: string): string => JSON.stringify({ accounts: { outcome: { column: 'Gone', positive, meaning: 'left' } } })
    const path = await folderOf({ 'customers.csv': ['id,Gone,x', ...rows].join('\n'), 'mapping.json': mapping('gone') })
    await expect(tried(path)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('no value of "Gone" is "gone"') as string,
      hint: 'Values there: No, Yes',
    })
    await writeFile(join(path, 'mapping.json'), mapping('yes'))
    expect(reportOf(await tried(path), 'churn').population).toMatchObject({ rows: 400, positives: 134 })
  },
  SLOW,
)

test(
  'columns that nobody learns from are named with the reason, and how one is taken back in',
  async () => {
    const rows = Array.from({ length: 400 }, (_, i) => {
      const gone = i % 3 === 0
      return `${i},${gone ? 'Yes' : 'No'},${(i * 37) % 100},EUR,,${i % 2 === 0 ? '' : '-'},street ${i},${gone ? 'price' : ''}`
    })
    const mapping = { accounts: { outcome: { column: 'Gone', positive: 'Yes', meaning: 'left' } } }
    const document = await tried(
      await folderOf({
        'customers.csv': ['id,Gone,x,Currency code,Fax,Telex,Street,Why gone', ...rows].join('\n'),
        'mapping.json': JSON.stringify(mapping),
      }),
    )
    expect(Object.fromEntries(document.leftOut.map(({ column, why }) => [column, why]))).toEqual({
      'Currency code': 'the same in every row',
      Fax: 'empty in every row',
      Street: '400 different words: a name, not a category',
      Telex: 'empty in every row',
    })
    const text = inWords(document)
    expect(text).toContain('not learned from: Fax (empty in every row)')
    expect(text).toContain('"stable": ["Why gone"] in its section of mapping.json takes it back in')
    expect(text).not.toContain('assay define')
  },
  SLOW,
)
