import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { commandSnapshot, schemas } from '../scripts/described.ts'

const HOME = fileURLToPath(new URL('..', import.meta.url))
const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(HOME + path, 'utf8')) as unknown

describe('what the commands take and give (else: npm run snapshot)', () => {
  it('is what command-snapshot.json says', async () => {
    expect(await commandSnapshot(HOME)).toEqual(await json('command-snapshot.json'))
  })

  it('is what the schemas say', async () => {
    const made = schemas()
    expect((await readdir(`${HOME}schemas`)).sort()).toEqual(
      Object.keys(made)
        .map((name) => `${name}.json`)
        .sort(),
    )
    for (const [name, schema] of Object.entries(made)) expect(schema, name).toEqual(await json(`schemas/${name}.json`))
  })
})

/** Headings of a file of messages. */
const keysOf = (text: string): string[] => [...text.matchAll(/^# (.+)$/gm)].map(([, key]) => key!)

describe('messages', async () => {
  const names = (await readdir(`${HOME}src/commands/assay`)).map((file) => file.replace('.ts', ''))

  it.each(names)('of %s are all there, and all used', async (name) => {
    const source = await readFile(`${HOME}src/commands/assay/${name}.ts`, 'utf8')
    const keys = keysOf(await readFile(`${HOME}messages/assay.${name}.md`, 'utf8'))
    const asked = new Set([...source.matchAll(/'((?:[a-zA-Z-]+\.)*[a-zA-Z-]+)'/g)].map(([, word]) => word!))
    for (const key of keys) expect(asked.has(key.replace(/\.actions$/, '')), `${key} is not used`).toBe(true)
    const direct = [...source.matchAll(/messages\.(?:getMessages?|createError)\('([^']+)'/g)].map(([, key]) => key!)
    for (const key of direct) expect(keys, `${key} is missing`).toContain(key)
    expect(keys).toEqual([...new Set(keys)])
  })

  it.each(names)('of %s show an example, and every flag has a summary', async (name) => {
    const text = await readFile(`${HOME}messages/assay.${name}.md`, 'utf8')
    expect(text).toContain('<%= config.bin %> <%= command.id %>')
    const [described] = (await commandSnapshot(HOME)).filter(({ command }) => command === `assay:${name}`)
    const own = described!.flags.filter((flag) => !['api-version', 'flags-dir', 'json', 'target-org'].includes(flag))
    for (const flag of own) expect(keysOf(text)).toContain(`flags.${flag}.summary`)
    expect(described!.flags).toContain('target-org')
    for (const flag of described!.flags) expect(flag).toMatch(/^[a-z]+(-[a-z]+)*$/)
  })
})
