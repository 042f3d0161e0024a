import { AssayError } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import type { Block, Driver } from '../../src/store/store.ts'
import { inLayout, LAYOUTS, SLOW } from './openers.ts'

async function all(answer: AsyncIterable<Block>): Promise<Block[]> {
  const blocks: Block[] = []
  for await (const block of answer) blocks.push(block)
  return blocks
}
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (cause: unknown) => cause,
  )

describe.each(LAYOUTS)('the driver, $layout', { timeout: SLOW }, ({ start }) => {
  const opened = inLayout(start, 'driver')
  const driver = (): Driver => opened.store.driver

  it('hands out columns as numbers and texts, NULL as NaN and null', async () => {
    const [block] = await all(
      driver().blocks(`SELECT number AS row, CAST(9007199254740991 - number AS Int64) AS wide, CAST(-5 AS Int64) AS below,
        CAST(18446744073709551615 AS UInt64) AS huge, if(number = 1, NULL, CAST(number AS Int64)) AS gap_wide,
        if(number = 1, NULL, 1.5) AS gap, if(number = 1, NULL, CAST(7 AS UInt8)) AS gap_small, number = 1 AS flag, true AS yes,
        toDateTime64('1969-12-31 23:59:59.250', 3, 'UTC') AS early, toDate('2020-01-02') AS date, toDecimal64(-1.25, 2) AS money,
        if(number = 1, NULL, 'ß日本 \\'"\\n😀') AS text, 'plain' AS ascii, CAST('word' AS LowCardinality(Nullable(String))) AS word,
        map('k', CAST(NULL AS Nullable(String))) AS tags, [1, 2] AS list, NULL AS nothing
      FROM numbers(3) ORDER BY row`),
    )
    expect(block?.size).toBe(3)
    const numbers = (name: string): number[] => [...(block!.columns[name] as Float64Array)]
    expect(block!.columns['wide']).toBeInstanceOf(Float64Array)
    expect(numbers('wide')).toEqual([9007199254740991, 9007199254740990, 9007199254740989])
    expect(numbers('below')).toEqual([-5, -5, -5])
    expect(numbers('huge')[0]).toBe(2 ** 64)
    expect(numbers('gap_wide')).toEqual([0, NaN, 2])
    expect(numbers('gap')).toEqual([1.5, NaN, 1.5])
    expect(numbers('gap_small')).toEqual([7, NaN, 7])
    expect(numbers('flag')).toEqual([0, 1, 0])
    expect(numbers('yes')).toEqual([1, 1, 1])
    expect(numbers('early')[0]).toBe(-750)
    expect(numbers('date')[0]).toBe(Date.parse('2020-01-02'))
    expect(numbers('money')[0]).toBe(-1.25)
    expect(numbers('nothing')).toEqual([NaN, NaN, NaN])
    expect(block!.columns['text']).toEqual(['ß日本 \'"\n😀', null, 'ß日本 \'"\n😀'])
    expect(block!.columns['ascii']).toEqual(['plain', 'plain', 'plain'])
    expect(block!.columns['word']).toEqual(['word', 'word', 'word'])
    expect(block!.columns['tags']).toEqual(['{"k":null}', '{"k":null}', '{"k":null}'])
    expect(block!.columns['list']).toEqual(['[1,2]', '[1,2]', '[1,2]'])
  })

  it('answers with nothing where there is nothing', async () => {
    expect(await all(driver().blocks('SELECT 1 AS x, toString(1) AS y WHERE 0'))).toEqual([])
    expect(await driver().rows('SELECT 1 AS x WHERE 0')).toEqual([])
  })

  it('binds values so that none of them is read as SQL', async () => {
    const odd = `'; DROP TABLE x; -- \\ "\t\n\0😀 {a:String}`
    const params = { odd, list: [odd, 'b', ''], whole: 2 ** 53 - 1, part: -1.5, yes: true, at: Date.UTC(2020, 0, 2, 3, 4, 5, 6), unused: 1 }
    const [row] = await driver().rows<Record<string, unknown>>(
      `SELECT {odd:String} AS odd, {list:Array(String)}[1] AS first, length({list:Array(String)}) AS count,
        {whole:UInt64} AS whole, {part:Float64} AS part, {yes:Bool} AS yes, {at:DateTime64(3)} AS at`,
      params,
    )
    expect(row).toEqual({ odd, first: odd, count: 3, whole: params.whole, part: -1.5, yes: 1, at: params.at })
  })

  it('keeps the values of queries apart that run at the same time', async () => {
    const sql = 'SELECT {n:UInt32} AS n, count() AS rows FROM numbers({n:UInt32})'
    const asked = Array.from({ length: 12 }, (_, index) => 1000 + index)
    const got = await Promise.all(asked.map((n) => driver().rows<{ n: number; rows: number }>(sql, { n })))
    expect(got.flat()).toEqual(asked.map((n) => ({ n, rows: n })))
  })

  it('streams two million rows in and out without holding them', async () => {
    await driver().command('CREATE TABLE IF NOT EXISTS many (id UInt64, name String) ENGINE = MergeTree ORDER BY id')
    function* batches(): Generator<readonly object[]> {
      for (let from = 0; from < 40_000; from += 10_000) {
        yield Array.from({ length: 10_000 }, (_, index) => ({ id: from + index, name: `name ${from + index}` }))
      }
    }
    expect(await driver().insert('many', batches())).toBe(40_000)
    const before = process.memoryUsage().rss
    let rows = 0
    let sum = 0
    let peak = 0
    const sql =
      'SELECT number AS id, concat(m.name, toString(number)) AS name FROM numbers(2000000) AS n LEFT JOIN many AS m ON n.number % 40000 = m.id'
    for await (const block of driver().blocks(sql)) {
      const ids = block.columns['id'] as Float64Array
      for (let row = 0; row < block.size; row++) sum += ids[row]!
      rows += block.size
      peak = Math.max(peak, process.memoryUsage().rss)
    }
    expect(rows).toBe(2_000_000)
    expect(sum).toBe((2_000_000 * 1_999_999) / 2)
    // As row objects this is more than 400 MB; as text, 80 MB.
    expect(peak - before).toBeLessThan(300e6)
    await driver().command('DROP TABLE many')
  })

  it('goes on after a consumer that leaves half-way, or never comes back', async () => {
    const endless = 'SELECT number AS id FROM numbers(50000000)'
    for await (const block of driver().blocks(endless)) {
      expect(block.size).toBeGreaterThan(0)
      break
    }
    const forgotten = driver().blocks(endless)[Symbol.asyncIterator]()
    await forgotten.next()
    const thrown = (async () => {
      for await (const block of driver().blocks(endless)) throw new RangeError(`consumer failed at ${block.size > 0}`)
    })()
    await expect(thrown).rejects.toThrow('consumer failed at true')
    expect(await driver().rows('SELECT 42 AS answer')).toEqual([{ answer: 42 }])
    await forgotten.return?.()
  })

  it('says what went wrong, also in the middle of an answer, and goes on', async () => {
    const half = all(
      driver().blocks("SELECT throwIf(number = 1500000, 'rock bottom') AS x FROM numbers(2000000) SETTINGS max_block_size = 8192"),
    )
    await expect(half).rejects.toThrow('rock bottom')
    await expect(driver().command('SELECT no_such_column')).rejects.toThrow('no_such_column')
    await expect(driver().insert('no_such_table', [[{ x: 1 }]])).rejects.toThrow('no_such_table')
    await expect(driver().rows('SELECT {missing:String}')).rejects.toThrow('missing')
    expect(await driver().rows('SELECT 1 AS x')).toEqual([{ x: 1 }])
  })

  it('acknowledges each batch before it draws the next', async () => {
    await driver().command('CREATE TABLE IF NOT EXISTS drawn (id UInt64) ENGINE = MergeTree ORDER BY id')
    const found: number[] = []
    async function* batches(): AsyncGenerator<readonly object[]> {
      for (let id = 0; id < 3; id++) {
        const [row] = await driver().rows<{ rows: number }>('SELECT count() AS rows FROM drawn')
        found.push(row!.rows)
        yield [{ id }]
      }
    }
    await driver().insert('drawn', batches())
    expect(found).toEqual([0, 1, 2])
    await driver().command('DROP TABLE drawn')
  })
})

describe.each(LAYOUTS.filter(({ layout }) => layout !== 'embedded'))('a wrong address, $layout', { timeout: SLOW }, ({ start }) => {
  const opened = inLayout(start, 'address')

  it('names the setting that is wrong and never the password', async () => {
    const url = new URL(opened.layout.url.split(',')[0]!)
    const wrong = await openStore({ url: `http://default:s3cret@${url.host}`, database: 'address' })
    const refused = await failure(wrong.migrate())
    expect(refused).toBeInstanceOf(AssayError)
    expect(refused).toMatchObject({ kind: 'config', hint: expect.stringContaining('CLICKHOUSE_URL') })
    expect(`${String(refused)} ${JSON.stringify(refused)}`).not.toContain('s3cret')
    await wrong.close()

    const nobody = await openStore({ url: 'http://default:s3cret@127.0.0.1:1', database: 'driver' })
    const silent = await failure(nobody.migrate())
    expect(silent).toMatchObject({ kind: 'offline', hint: expect.stringContaining('CLICKHOUSE_URL') })
    expect(String(silent)).toContain('127.0.0.1:1')
    expect(String(silent)).not.toContain('s3cret')
    await nobody.close()

    const lost = await openStore({ url: url.origin, database: 'lost', cluster: 'no_such_cluster' })
    expect(await failure(lost.migrate())).toMatchObject({ kind: 'config' })
    await lost.close()
    const none = await failure(openStore({ url: 'postgres://default:s3cret@host/x', database: 'driver' }))
    expect(none).toMatchObject({ kind: 'config' })
    expect(String(none)).not.toContain('s3cret')
  })
})
