import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { before, describe, test } from 'node:test'
import { XMLParser } from 'fast-xml-parser'
import { API_VERSION } from './page/bundle.ts'
import { FORCE_APP, type Packaged, packaged, unsound } from '../scripts/package.ts'

/** How each kind of component ends in the sources. */
const KINDS: Readonly<Record<string, RegExp>> = {
  LightningComponentBundle: /\.js-meta\.xml$/,
  CustomField: /\.field-meta\.xml$/,
  ListView: /\.listView-meta\.xml$/,
  PermissionSet: /\.permissionset-meta\.xml$/,
  Report: /\.report(Folder)?-meta\.xml$/,
}

describe('force-app as a deployable package, without an org', () => {
  const made: { packaged?: Packaged; sources: readonly string[] } = { sources: [] }
  before(async () => {
    made.packaged = await packaged()
    made.sources = (await readdir(FORCE_APP, { recursive: true })).filter((path) => path.endsWith('-meta.xml'))
  })

  test('every component of the sources is in it, and nothing else', () => {
    const { members } = made.packaged!
    for (const [type, ending] of Object.entries(KINDS)) {
      assert.equal(members[type]?.length ?? 0, made.sources.filter((path) => ending.test(path)).length, type)
    }
    assert.deepEqual(
      Object.keys(members).filter((type) => !(type in KINDS)),
      [],
      'a kind that this test does not count',
    )
    assert.deepEqual(
      made.sources.filter((path) => !Object.values(KINDS).some((ending) => ending.test(path))),
      [],
    )
    assert.deepEqual(members['LightningComponentBundle'], ['assayPanel', 'assayPanelModel'])
  })

  test('every document in it is well-formed metadata; what is for developers is left out', () => {
    const { files } = made.packaged!
    assert.deepEqual(unsound(files), [])
    assert.deepEqual(
      Object.keys(files).filter((path) => path.includes('__tests__')),
      [],
    )
    for (const name of ['assayPanel.js', 'assayPanel.html', 'assayPanel.css', 'assayPanel.js-meta.xml']) {
      assert.ok(files[`lwc/assayPanel/${name}`], name)
    }
  })

  test('what the converter lets through is caught: a tag that is not closed, a document of somebody else', () => {
    const good = '<?xml version="1.0"?><A xmlns="http://soap.sforce.com/2006/04/metadata"><b>1</b></A>'
    assert.deepEqual(unsound({ 'objects/A.object': good }), [])
    assert.match(unsound({ 'objects/A.object': good.replace('</b>', '') })[0] ?? 'nothing', /^objects\/A\.object: /)
    assert.match(unsound({ 'package.xml': '<Package/>' })[0] ?? 'nothing', /namespace/)
  })

  test('an admin can put it on the record pages of accounts, contacts and opportunities', () => {
    const parser = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'property' || name === 'targetConfig' })
    const { LightningComponentBundle: bundle } = parser.parse(made.packaged!.files['lwc/assayPanel/assayPanel.js-meta.xml']!)
    const [config] = bundle.targetConfigs.targetConfig
    assert.equal(bundle.isExposed, true)
    assert.equal(bundle.apiVersion, API_VERSION)
    assert.equal(bundle.targets.target, 'lightning__RecordPage')
    assert.deepEqual(config.objects.object, ['Account', 'Contact', 'Opportunity'])
    const source = made.packaged!.files['lwc/assayPanel/assayPanel.js']!
    for (const property of config.property) {
      assert.ok(property['@_label'] && property['@_description'], `${property['@_name']} has no words for the admin`)
      assert.match(source, new RegExp(`@api ${property['@_name']} = `))
    }
  })
})
