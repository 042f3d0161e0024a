import { chmod, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openControl } from '../../src/control/index.ts'
import { createVault, masterKey } from '../../src/control/secrets.ts'
import { ENGINES, makeHome } from './planes.ts'

const TOKEN = 'pat-na1-5ecretT0kenThatMustNotBeRead'

describe('the vault', () => {
  const vault = createVault(new Uint8Array(32).fill(1))

  test('opens what it sealed, for the same thing only, unchanged only, with the same key only', () => {
    const sealed = vault.seal(TOKEN, 'a')
    expect(vault.open(sealed, 'a')).toBe(TOKEN)
    const changed = sealed.slice(0, -6) + (sealed.at(-6) === 'A' ? 'B' : 'A') + sealed.slice(-5)
    const otherKey = createVault(new Uint8Array(32).fill(2))
    for (const wrong of [
      () => vault.open(sealed, 'b'),
      () => vault.open(changed, 'a'),
      () => otherKey.open(sealed, 'a'),
      () => vault.open('', 'a'),
    ]) {
      expect(wrong).toThrow(expect.objectContaining({ name: 'AssayError', kind: 'config' }) as Error)
      expect(wrong).not.toThrow(TOKEN)
    }
  })

  test('never says the same thing twice in the same words', () => {
    expect(vault.seal(TOKEN, 'a')).not.toBe(vault.seal(TOKEN, 'a'))
  })
})

describe('the key file', () => {
  let home: string
  beforeEach(async () => {
    home = join(await makeHome(), 'new')
  })
  afterEach(() => rm(home, { recursive: true, force: true }))

  test('is made once, for its user alone, also when several start at once', async () => {
    const keys = await Promise.all([1, 2, 3, 4].map(() => masterKey(home, null)))
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1)
    expect((await stat(join(home, 'key'))).mode & 0o777).toBe(0o600)
    expect((await stat(home)).mode & 0o777).toBe(0o700)
    expect(await readdir(home)).toEqual(['key'])
    expect(await masterKey(home, null)).toEqual(keys[0])
  })

  test('is refused when others may read it or when it holds no key; the message holds none either', async () => {
    const key = Buffer.from(await masterKey(home, null)).toString('base64')
    await chmod(join(home, 'key'), 0o640)
    const open = masterKey(home, null)
    await expect(open).rejects.toMatchObject({ kind: 'config', message: expect.stringContaining('640') as string })
    await expect(open).rejects.not.toThrow(key)
    await chmod(join(home, 'key'), 0o600)
    await writeFile(join(home, 'key'), 'c2hvcnQ=')
    await expect(masterKey(home, null)).rejects.toMatchObject({ kind: 'config', message: expect.stringContaining('32 bytes') as string })
  })

  test('is not made where the environment gives the key', async () => {
    expect(await masterKey(home, new Uint8Array(32))).toEqual(new Uint8Array(32))
    await expect(stat(home)).rejects.toThrow('ENOENT')
  })
})

/** Every byte of every file below a directory. */
async function everything(directory: string): Promise<Buffer> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return Buffer.concat(
    await Promise.all(entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name)))),
  )
}

describe.each(ENGINES)('secrets on $name', ({ make }) => {
  test('are nowhere to be read: not in the files, not in what is printed, not with another key', async () => {
    const plane = await make()
    try {
      const key = new Uint8Array(32).fill(7)
      const control = await plane.open('acme', { masterKey: key })
      const added = await control.connections.add({ connector: 'hubspot', title: 'plain-title', settings: { token: TOKEN } })
      await control.links.sign({ connection: added.id, object: 'account', id: '1', expiresAt: 1 })
      const [listed] = await control.connections.list()
      expect(listed?.settings).toEqual({ token: TOKEN })
      for (const one of [added, listed]) expect(inspect(one, { depth: 9 }) + JSON.stringify({ ...one })).not.toContain(TOKEN)

      const rows = await control.database.query<{ sealed: string }>(
        'select sealed from assay.connection union all select sealed from assay.secret',
      )
      expect(rows).toHaveLength(3)
      for (const row of rows) expect(row.sealed).not.toContain(TOKEN)
      await control.database.query('checkpoint')

      // Sealed settings do not open in another row.
      const other = await control.connections.add({ connector: 'hubspot', title: 'other', settings: {} })
      await control.database.query(
        'update assay.connection set sealed = (select sealed from assay.connection where id = $1) where id = $2',
        [added.id, other.id],
      )
      const moved = (await control.connections.list()).find((one) => one.id === other.id)
      expect(() => moved?.settings).toThrow(expect.objectContaining({ kind: 'config' }) as Error)
      await control.close()

      if (plane.databaseUrl === null) {
        const bytes = await everything(plane.home)
        // The title proves that the search finds what is there.
        expect(bytes.includes('plain-title')).toBe(true)
        expect(bytes.includes(TOKEN)).toBe(false)
        expect(bytes.includes(Buffer.from(TOKEN).toString('base64').slice(0, 24))).toBe(false)
      }
      const wrong = await openControl({
        home: plane.home,
        databaseUrl: plane.databaseUrl,
        organisation: 'acme',
        masterKey: new Uint8Array(32),
      })
      await expect(wrong.migrate()).rejects.toMatchObject({ kind: 'config', hint: expect.stringContaining('ASSAY_KEY') as string })
      await wrong.close()
    } finally {
      await plane.remove()
    }
  })
})

test('a server that cannot be reached is named without its password', async () => {
  const home = await makeHome()
  const open = openControl({ home, organisation: 'acme', databaseUrl: 'postgres://anna:hunter2@127.0.0.1:1/crm' })
  const error = await open.then(
    () => null,
    (why: unknown) => why,
  )
  expect(error).toMatchObject({ kind: 'offline', message: expect.stringContaining('127.0.0.1:1/crm') as string })
  expect(inspect(error, { depth: 9 })).not.toMatch(/hunter2|anna/)
  await rm(home, { recursive: true, force: true })
})
