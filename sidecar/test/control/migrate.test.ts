import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Control } from '../../src/control/index.ts'
import { migrate } from '../../src/control/migrate.ts'
import { MIGRATIONS } from '../../src/control/migrations.ts'
import { ENGINES } from './planes.ts'
import type { Plane } from './planes.ts'

describe('the migrations', () => {
  test('are numbered from one without a gap', () => {
    expect(MIGRATIONS.map((migration) => migration.number)).toEqual(MIGRATIONS.map((_, index) => index + 1))
  })
})

describe.each(ENGINES)('migrating $name', ({ make }) => {
  let plane: Plane
  let control: Control
  beforeAll(async () => {
    plane = await make()
    control = await plane.open('acme')
  })
  afterAll(() => plane.remove())
  const next = MIGRATIONS.length + 1
  const has = async (table: string): Promise<boolean> =>
    (await control.database.query(`select 1 from information_schema.tables where table_schema = 'assay' and table_name = $1`, [table]))
      .length > 0

  test('again changes nothing', async () => {
    const read = () => control.database.query('select number, name, applied_at from assay.migration order by number')
    const before = await read()
    expect(before).toHaveLength(MIGRATIONS.length)
    await control.migrate()
    expect(await read()).toEqual(before)
  })

  test('a step that fails leaves nothing of itself', async () => {
    const broken = { number: next, name: 'broken', statements: ['create table assay.half (id integer)', 'select * from assay.nowhere'] }
    await expect(migrate(control.database, [...MIGRATIONS, broken])).rejects.toThrow('nowhere')
    expect(await has('half')).toBe(false)
    await control.migrate()
  })

  test('by several at once is done once', async () => {
    const added = {
      number: next,
      name: 'added',
      statements: ['create table assay.added (id integer)', 'insert into assay.added values (1)'],
    }
    await Promise.all([1, 2, 3, 4].map(() => migrate(control.database, [...MIGRATIONS, added])))
    expect(await control.database.query('select id from assay.added')).toEqual([{ id: 1 }])
  })

  test('a database from the future is refused, untouched', async () => {
    await expect(control.migrate()).rejects.toMatchObject({ kind: 'config', message: expect.stringContaining(`step ${next}`) as string })
    expect(await has('added')).toBe(true)
  })
})
