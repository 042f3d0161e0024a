import { describe, expect, it } from 'vitest'
import type { Block, PublishedEntry, ScoreEntry, Store } from '../../src/store/store.ts'
import { lastPublished, lastPublishedOf, scoreHistory, scoresOfRun } from '../../src/store/scores.ts'
import { inLayout, LAYOUTS, SLOW } from './openers.ts'
import { change, day, gone, live } from './records.ts'

const score = (id: string, run: string, scoredAt: string, more: Partial<ScoreEntry> = {}): ScoreEntry => ({
  object: 'account',
  id,
  miner: 'churn',
  model: 'm1',
  run,
  asOf: day(scoredAt),
  scoredAt: day(scoredAt),
  fields: { churn_risk: '40' },
  probability: 0.4,
  signs: '[]',
  unscored: null,
  ...more,
})
const published = (id: string, run: string, writtenAt: string, risk: string): PublishedEntry => ({
  object: 'account',
  id,
  run,
  writtenAt: day(writtenAt),
  fields: { churn_risk: risk, churn_signs: 'ü "quoted"' },
})

async function rows(blocks: AsyncIterable<Block>, ...names: string[]): Promise<unknown[][]> {
  const found: unknown[][] = []
  for await (const block of blocks) {
    for (let row = 0; row < block.size; row++) found.push(names.map((name) => block.columns[name]![row]))
  }
  return found
}
const versions = async (store: Store, connection: string): Promise<Record<string, number>> =>
  Object.fromEntries((await store.counts(connection)).filter((count) => count.versions > 0).map((count) => [count.kind, count.versions]))

describe.each(LAYOUTS)('what is kept, $layout', { timeout: SLOW }, ({ start }) => {
  const opened = inLayout(start, 'keeping')

  it('migrates again, and after a kill half-way', async () => {
    await opened.store.append('again', [live('account', 'a', '2020-01-01')])
    await opened.store.migrate()
    const half = await opened.layout.open('half')
    await half.migrate()
    // As if the process had ended between the statements of the second step.
    const local = half.driver.cluster === null ? '' : '_local'
    await half.driver.everywhere(`ALTER TABLE migration${local} DELETE WHERE number = 2`)
    await half.driver.everywhere('DROP TABLE published_log SYNC')
    await half.driver.everywhere('DROP VIEW deal_as_of')
    await half.migrate()
    await half.logPublished('c', [published('a', 'r', '2020-01-01', '1')])
    expect(await rows(lastPublished(half, 'c', 'account'), 'id')).toEqual([['a']])
    await half.drop()
    await half.close()
    expect(await versions(opened.store, 'again')).toEqual({ account: 1 })
  })

  it('tells who lives, by the newest version of each', async () => {
    await opened.store.append('living', [
      live('account', 'a', '2020-01-01'),
      live('account', 'b', '2020-01-01'),
      live('account', 'c', '2020-01-01'),
    ])
    await opened.store.append('living', [gone('account', 'b', '2020-02-01'), live('account', 'c', '2020-03-01')])
    await opened.store.append('elsewhere', [live('account', 'd', '2020-01-01')])
    const ids: string[] = []
    for await (const block of opened.store.living('living', 'account')) ids.push(...block)
    expect(ids.sort()).toEqual(['a', 'c'])
  })

  it('refuses a store that a newer Assay has used', async () => {
    const future = await opened.layout.open('future')
    await future.migrate()
    await future.driver.command("INSERT INTO migration VALUES (999, 'from the future', now64(3))")
    await expect(future.migrate()).rejects.toMatchObject({ kind: 'config', message: expect.stringContaining('999') })
    await future.drop()
    await future.close()
  })

  it('drops one organisation and leaves the others', async () => {
    const other = await opened.layout.open('other')
    await other.migrate()
    await other.append('c', [live('account', 'a', '2020-01-01')])
    await other.drop()
    await expect(other.driver.rows('SELECT 1 FROM account_version')).rejects.toThrow('other')
    await other.close()
    await opened.store.append('stays', [live('account', 'a', '2020-01-01')])
    expect(await versions(opened.store, 'stays')).toEqual({ account: 1 })
  })

  it('keeps more rows than one batch holds', async () => {
    const many = Array.from({ length: 25_000 }, (_, index) =>
      live('product', `p${index}`, '2020-01-01', { name: `Product ${index}`, price: index }),
    )
    await opened.store.append('many', many)
    await opened.store.append('many', [gone('product', 'p7', '2020-02-01'), live('product', 'p8', '2021-02-01')])
    const count = (await opened.store.counts('many')).find(({ kind }) => kind === 'product')
    expect(count).toEqual({ kind: 'product', records: 24_999, versions: 25_002, deleted: 1, newest: day('2021-02-01') })
  })

  it('remembers what stands in the CRM, the newest of each record, in the order of ids', async () => {
    const { store } = opened
    await store.logPublished('p', [published('b', 'r1', '2020-01-01', '10'), published('a', 'r1', '2020-01-01', '20')])
    await store.logPublished('p', [
      published('a', 'r2', '2020-02-01', '30'),
      { ...published('a', 'r2', '2020-02-01', '99'), object: 'deal' },
    ])
    await store.logPublished('p', [published('b', 'r1', '2020-01-01', '11')])
    const found = await rows(lastPublished(store, 'p', 'account'), 'id', 'fields', 'written_at', 'run')
    expect(found.map(([id, fields, at, run]) => [id, JSON.parse(String(fields)), at, run])).toEqual([
      ['a', { churn_risk: '30', churn_signs: 'ü "quoted"' }, day('2020-02-01'), 'r2'],
      ['b', { churn_risk: '11', churn_signs: 'ü "quoted"' }, day('2020-01-01'), 'r1'],
    ])
    expect(await rows(lastPublishedOf(store, 'p', 'account', ['b', 'z']), 'id')).toEqual([['b']])
  })

  it('remembers every score, by run and by record', async () => {
    const { store } = opened
    await store.logScores('s', [
      score('b', 'r1', '2020-01-01'),
      score('a', 'r1', '2020-01-01', { probability: null, unscored: 'too little' }),
    ])
    await store.logScores('s', [score('a', 'r1', '2020-01-01', { miner: 'offers' }), score('d', 'r1', '2020-01-01', { object: 'deal' })])
    await store.logScores('s', [score('b', 'r1', '2020-01-01')])
    const months = Array.from(
      { length: 14 },
      (_, index) => `${2021 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-01`,
    )
    await store.logScores(
      's',
      months.map((month) => score('b', month, month, { model: 'm2' })),
    )
    expect(await rows(scoresOfRun(store, 's', 'r1'), 'object', 'id', 'miner', 'probability', 'unscored')).toEqual([
      ['account', 'a', 'churn', NaN, 'too little'],
      ['account', 'a', 'offers', 0.4, null],
      ['account', 'b', 'churn', 0.4, null],
      ['deal', 'd', 'churn', 0.4, null],
    ])
    const history = await rows(scoreHistory(store, 's', 'account', 'churn', null), 'id', 'scored_at')
    expect(history.filter(([id]) => id === 'a')).toEqual([['a', day('2020-01-01')]])
    expect(history.filter(([id]) => id === 'b').map(([, at]) => at)).toEqual(months.slice(2).reverse().map(day))
    expect(await rows(scoreHistory(store, 's', 'account', 'churn', 'm1', 3), 'id', 'model')).toEqual([
      ['a', 'm1'],
      ['b', 'm1'],
    ])
  })

  it('forgets an account with what hangs on it, and those merged into it', async () => {
    const { store } = opened
    const records = ['a', 'b'].flatMap((account) => [
      live('account', account, '2020-01-01'),
      live('account', `${account}-old`, '2020-01-01'),
      gone('account', `${account}-old`, '2020-02-01', account),
      live('contact', `${account}-person`, '2020-01-01', { accountId: account }),
      live('deal', `${account}-deal`, '2020-01-01', { accountId: `${account}-old` }),
      live('deal', `${account}-deal`, '2020-02-01', { accountId: account }),
      live('lineItem', `${account}-line`, '2020-01-01', { dealId: `${account}-deal` }),
      change(`${account}-change`, `${account}-deal`, '2020-01-01', 'stage', 'x'),
    ])
    await store.append('erase', records)
    await store.append('kept', records)
    await store.logScores(
      'erase',
      ['a', 'b', 'a-old'].map((id) => score(id, 'r', '2020-01-01')),
    )
    await store.logPublished('erase', [published('a', 'r', '2020-01-01', '1'), published('b', 'r', '2020-01-01', '2')])
    expect(await store.erase('erase', 'account', 'a')).toEqual({
      account_version: 3,
      deal_version: 2,
      lineItem_version: 1,
      dealHistory_version: 1,
      score_log: 2,
      published_log: 1,
    })
    expect(await versions(store, 'erase')).toEqual({ account: 3, contact: 2, deal: 2, lineItem: 1, dealHistory: 1 })
    expect(await rows(lastPublished(store, 'erase', 'account'), 'id')).toEqual([['b']])
    expect(await store.erase('erase', 'account', 'a')).toEqual({})
    await store.eraseConnection('erase')
    expect(await versions(store, 'erase')).toEqual({})
    expect(await rows(scoresOfRun(store, 'erase', 'r'), 'id')).toEqual([])
    expect(await versions(store, 'kept')).toEqual({ account: 6, contact: 2, deal: 4, lineItem: 2, dealHistory: 2 })
  })

  it('forgets a person: what they bought as a person goes, what a company bought stays', async () => {
    const { store } = opened
    await store.append('person', [
      live('contact', 'p', '2020-01-01', { name: 'Ada' }),
      live('deal', 'own', '2020-01-01', { contactId: 'p' }),
      live('deal', 'company', '2020-01-01', { contactId: 'p', accountId: 'a' }),
      live('activity', 'x', '2020-01-01', { contactId: 'p', accountId: 'a' }),
      live('campaignMember', 'm', '2020-01-01', { contactId: 'p' }),
    ])
    expect(await store.erase('person', 'contact', 'p')).toEqual({
      contact_version: 1,
      deal_version: 1,
      activity_version: 1,
      campaignMember_version: 1,
    })
    expect(await versions(store, 'person')).toEqual({ deal: 1 })
  })
})
