import { strToU8, zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PackageError, startSugar, type SugarStandIn } from '../src/index.ts'
import { call, errorOf, password, type Answer } from './client.ts'

let standIn: SugarStandIn
beforeEach(async () => {
  standIn = await startSugar({ now: () => Date.UTC(2026, 4, 4, 8) })
})
afterEach(() => standIn.close())

const field = (name: string, type: string, more = ''): string =>
  `'Accounts${name}' => array('id' => 'Accounts${name}', 'name' => '${name}', 'label' => 'LBL_X', 'module' => 'Accounts', 'type' => '${type}', ${more}),`
const manifestOf = ({
  version = '1.0.0',
  fields = '',
  fit = "'regex_matches' => array('(26|14)\\\\..*$')",
  defs = '',
  more = '',
} = {}): string => `<?php
// Assignments of constants, as package builders write them.
$manifest = array('id' => 'demo', 'name' => 'Demo', 'version' => '${version}', 'is_uninstallable' => 'true', 'type' => 'module',
  'acceptable_sugar_versions' => array('exact_matches' => array(), ${fit}), 'acceptable_sugar_flavors' => array('PRO', 'ENT'), ${more});
$installdefs = array('id' => 'demo', 'custom_fields' => array(${fields}), ${defs});
`
const packageOf = (manifest: string, files: Readonly<Record<string, string>> = {}): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries({ 'manifest.php': manifest, ...files }).map(([path, text]) => [path, strToU8(text)])))

const GRADE = field('grade_c', 'enum', `'max_size' => '100', 'ext1' => 'grade_list'`)
const POINTS = field('points_c', 'decimal', `'max_size' => '8', 'ext1' => '2'`)
const WITH_ALL = {
  defs: `'platforms' => array(array('from' => '<basepath>/platform.php')),
    'language' => array(array('from' => '<basepath>/lists.php', 'to_module' => 'application', 'language' => 'en_us'),
      array('from' => '<basepath>/labels.php', 'to_module' => 'Accounts', 'language' => 'en_us')),
    'copy' => array(array('from' => '<basepath>/view', 'to' => 'custom/clients/base/views/demo'))`,
}
const FILES = {
  'platform.php': `<?php $platforms[] = 'demo_platform';`,
  'lists.php': `<?php $app_list_strings['grade_list'] = array('' => '', 'A' => 'Best', 'B' => 'It''s fine');`.replace("It''s", "It\\'s"),
  'labels.php': `<?php $mod_strings['LBL_X'] = 'Label of X';`,
  'view/demo.js': '({})',
  'view/demo.hbs': '<b>{{label}}</b>',
}

const admin = () => ({ token: standIn.tokens.admin })
const upload = async (zip: Uint8Array, token = standIn.tokens.admin): Promise<Answer> => {
  const form = new FormData()
  form.set('upgrade_zip', new Blob([zip]), 'demo.zip')
  const response = await fetch(`${standIn.url}/rest/v11_20/Administration/packages`, {
    method: 'POST',
    headers: { 'oauth-token': token },
    body: form,
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Answer['body'] }
}
const get = (path: string) => call(standIn, 'GET', `Administration/packages/${path}`, undefined, admin())
const fieldsOf = async () => {
  const { body } = await call(standIn, 'GET', 'metadata?type_filter=modules&module_filter=Accounts')
  return body['modules']!['Accounts']!['fields'] as unknown as Record<string, object>
}

describe('a package', () => {
  test('is uploaded, installed, seen by every client, and taken back without a trace', async () => {
    const staged = await upload(packageOf(manifestOf({ fields: GRADE + POINTS, ...WITH_ALL }), FILES))
    expect(staged.body).toMatchObject({ name: 'Demo', version: '1.0.0' })
    const file = String(staged.body['file_install'])
    expect((await get('staged')).body['packages']).toHaveLength(1)
    expect((await fieldsOf())['grade_c']).toBeUndefined()

    const installed = await get(`${file}/install`)
    const id = String(installed.body['id'])
    expect((await get('installed')).body['packages']).toMatchObject([{ id, version: '1.0.0' }])
    expect(await fieldsOf()).toMatchObject({
      grade_c: { type: 'enum', options: 'grade_list', source: 'custom_fields', vname: 'LBL_X' },
      points_c: { type: 'decimal', precision: 2 },
    })
    expect((await call(standIn, 'GET', 'Accounts/enum/grade_c')).body).toEqual({ '': '', A: 'Best', B: "It's fine" })
    expect((await call(standIn, 'GET', 'lang/en_us')).body['mod_strings']!['Accounts']).toMatchObject({ LBL_X: 'Label of X' })
    expect(standIn.packages()[0]?.files).toEqual(['custom/clients/base/views/demo/demo.js', 'custom/clients/base/views/demo/demo.hbs'])
    const token = (platform: string) => call(standIn, 'POST', 'oauth2/token', password(standIn, { platform }), { token: '' })
    expect((await token('demo_platform')).status).toBe(200)

    const account = standIn.create('Accounts', { name: 'Acme' })
    const written = await call(standIn, 'PUT', `Accounts/${account}`, { grade_c: 'A', points_c: 12.345 })
    expect(written.body).toMatchObject({ grade_c: 'A', points_c: '12.35' })

    expect((await get(`${id}/uninstall`)).status).toBe(200)
    expect(Object.keys(await fieldsOf())).not.toContain('grade_c')
    expect(standIn.get('Accounts', account)).not.toHaveProperty('grade_c')
    expect(errorOf(await token('demo_platform'))).toBe('400 invalid_parameter')
    expect(errorOf(await call(standIn, 'GET', 'Accounts/enum/grade_c'))).toBe('404 not_found')
    // The file stays in the list of uploaded ones until somebody deletes it.
    const discard = () => call(standIn, 'DELETE', `Administration/packages/${file}`, undefined, admin())
    expect([(await discard()).status, errorOf(await discard())]).toEqual([200, '404 not_found'])
  })

  test('is replaced by a higher version only, and what both have keeps what people wrote', async () => {
    standIn.installPackage(packageOf(manifestOf({ fields: GRADE + POINTS }), {}))
    const account = standIn.create('Accounts', { name: 'Acme', points_c: 5 })
    const again = await upload(packageOf(manifestOf({ fields: POINTS })))
    expect(again).toMatchObject({ status: 422, body: { error_message: expect.stringContaining('a higher one is needed') } })
    standIn.installPackage(packageOf(manifestOf({ version: '1.0.10', fields: POINTS })))
    expect(standIn.packages()).toMatchObject([{ version: '1.0.10' }])
    expect(standIn.customFields('Accounts').map(({ name }) => name)).toEqual(['points_c'])
    expect(standIn.get('Accounts', account)).toMatchObject({ points_c: 5 })
  })

  test('is for admins, of an edition that takes packages', async () => {
    const zip = packageOf(manifestOf())
    expect(errorOf(await upload(zip, standIn.token))).toBe('403 not_authorized')
    standIn.setQuirks({ packages: false })
    expect(errorOf(await upload(zip))).toBe('403 not_authorized')
    expect(errorOf(await get('staged'))).toBe('403 not_authorized')
  })
})

describe('what is no package that Sugar would take', () => {
  test.each<[string, string, Readonly<Record<string, string>>]>([
    ['calls a function', manifestOf({ more: `'readme' => file_get_contents('/etc/passwd')` }), {}],
    ['runs something besides assignments', `${manifestOf()}echo 'hello';`, {}],
    ['puts a variable into a text', manifestOf({ more: `'readme' => "a $b"` }), {}],
    ['names a file that is not in it', manifestOf({ defs: `'platforms' => array(array('from' => '<basepath>/nowhere.php'))` }), {}],
    [
      'copies a file that is not in it',
      manifestOf({ defs: `'copy' => array(array('from' => '<basepath>/a.js', 'to' => 'custom/a.js'))` }),
      {},
    ],
    ['has a field whose name does not end in _c', manifestOf({ fields: field('grade', 'varchar') }), {}],
    ['has a field of a type that is none', manifestOf({ fields: field('grade_c', 'magic') }), {}],
    ['is for other versions', manifestOf({ fit: `'regex_matches' => array('13\\\\..*$')` }), {}],
    ['has files of a forbidden kind', manifestOf(), { 'run.sh': 'true' }],
    ['has a file of PHP that does more than assign', manifestOf(WITH_ALL), { ...FILES, 'labels.php': '<?php system("id");' }],
    ['sets no manifest', '<?php $installdefs = array();', {}],
  ])('one that %s', (_name, manifest, files) => {
    expect(() => standIn.installPackage(packageOf(manifest, files))).toThrow(PackageError)
    expect(standIn.packages()).toEqual([])
    expect(standIn.customFields('Accounts')).toEqual([])
  })

  test('something else than an archive, an archive without a manifest, another edition', async () => {
    expect((await upload(strToU8('not a zip'))).body['error_message']).toContain('no zip archive')
    expect(() => standIn.installPackage(zipSync({ 'a.php': strToU8('<?php') }))).toThrow('no manifest.php')
    const small = await startSugar({ edition: 'professional' })
    const forLarge = manifestOf().replace("array('PRO', 'ENT')", "array('ENT')")
    expect(() => small.installPackage(packageOf(forLarge))).toThrow('not for this edition')
    await small.close()
    standIn.installPackage(packageOf(forLarge))
  })
})
