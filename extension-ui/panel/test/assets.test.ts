import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { GENERATED, generated } from '../scripts/bundle.ts'
import { PAGE_SCRIPT, panelHeaders } from '../src/index.ts'

test('the generated script is that of the sources (else: npm run build -w @assay/panel)', async () => {
  expect(await readFile(GENERATED, 'utf8')).toBe(await generated())
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
