import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { COPIES, HUBSPOT_MODEL, pathOf } from '../scripts/copies.ts'
import { PAGE_SCRIPT, panelHeaders } from '../src/index.ts'

test.each(COPIES)('$path is made of the sources as they are (else: npm run build -w @assay/panel)', async (copy) => {
  expect(await readFile(pathOf(copy), 'utf8')).toBe(await copy.make())
})

test('nothing else lies beside the card (else: delete it)', async () => {
  const files = await readdir(pathOf({ path: HUBSPOT_MODEL }))
  expect(files.map((name) => HUBSPOT_MODEL + name).toSorted()).toEqual(
    COPIES.map(({ path }) => path).filter((path) => path.startsWith(HUBSPOT_MODEL)),
  )
})

test('the script needs nothing that the policy forbids', () => {
  expect(PAGE_SCRIPT).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/)
})

test('the page is shown inside no other, unless an origin is named', () => {
  expect(panelHeaders([])['Content-Security-Policy']).toContain("frame-ancestors 'none'")
  expect(panelHeaders(['https://app.hubspot.com/contacts/1'])['Content-Security-Policy']).toContain(
    'frame-ancestors https://app.hubspot.com;',
  )
  expect(() => panelHeaders(["app.hubspot.com; script-src 'unsafe-inline'"])).toThrow()
})
