import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { OUTCOME_NAMES, SECTION_NAMES, wordsOf } from '../src/sections.ts'

const README = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')

it.each(SECTION_NAMES)('the table of headers is the one that is used: %s', (section) => {
  const table = README.split(`**${section}** (files:`)[1]!.split('\n**')[0]!
  for (const [key, { names }] of Object.entries(wordsOf(section).fields)) {
    const row = table.split('\n').find((line) => line.startsWith(`| \`${key}\` |`))
    // The keys of every section are told once, above the tables.
    expect(row ?? README.replaceAll('\n', ' '), `${section}.${key}`).toContain(names.join(', '))
  }
})

it('the names that give an outcome away are told', () => {
  for (const name of Object.keys(OUTCOME_NAMES)) expect(README).toContain(name)
})
