import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { DASHLET, packagedFile } from './dashlet.ts'

const left = spawnSync('php', ['-v']).status === 0 ? false : 'left out: PHP looks over the dashlet (apt-get install php-cli)'
if (left) console.log(left)

test('the script of the view begins with the literal, and is what an old minifier can take', () => {
  const script = packagedFile('assay-panel.js')
  assert.ok(script.startsWith('({\n'), 'Sugar puts text in front of the first bracket of the file')
  assert.ok(script.trimEnd().endsWith('})'))
  assert.doesNotMatch(script, /`|\?\.|\?\?/)
  assert.doesNotMatch(script, /[^\t\n\u0020-\u007e]/)
  assert.doesNotMatch(script, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/)
})

test('the template puts in nothing of a record', () => {
  assert.doesNotMatch(packagedFile('assay-panel.hbs'), /\{\{/)
})

test('the files of PHP mean what Sugar looks for', { skip: left }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-dashlet-'))
  try {
    const evaluated = (name: string, variable: string): unknown => {
      const file = join(folder, name)
      writeFileSync(file, packagedFile(name))
      assert.match(execFileSync('php', ['-l', file], { encoding: 'utf8' }), /No syntax errors/)
      return JSON.parse(execFileSync('php', ['-r', `include $argv[1]; echo json_encode($${variable});`, '--', file], { encoding: 'utf8' }))
    }
    const definitions = evaluated('assay-panel.php', 'viewdefs') as {
      base: { view: Record<string, { dashlets: Record<string, unknown>[]; config: { fields: { label: string }[] } }> }
    }
    const view = definitions.base.view['assay-panel']!
    const [dashlet] = view.dashlets
    assert.deepEqual(dashlet!['filter'], { module: ['Accounts', 'Contacts', 'Opportunities'], view: 'record' })
    const labels = evaluated('en_us.assay_panel.php', 'app_strings') as Record<string, string>
    for (const label of [dashlet!['label'], dashlet!['description'], ...view.config.fields.map((field) => field.label)])
      assert.ok(labels[String(label)], String(label))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('every file lies where Sugar takes what is not its own', () => {
  for (const path of Object.keys(DASHLET)) assert.match(path, /^custom\//)
})
