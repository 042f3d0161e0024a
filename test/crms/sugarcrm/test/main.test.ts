import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'

test('as a process of its own: says where it is, lets days go by, ends with its stdin', { timeout: 120_000 }, async () => {
  const main = new URL('../src/main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main, '--accounts', '20', '--control', '--platform', 'assay'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async (): Promise<Record<string, string>> => JSON.parse(String((await lines.next()).value)) as Record<string, string>
  const { url, token, username, password } = await next()
  const asked = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const headers = { 'oauth-token': String(token), 'content-type': 'application/json' }
    const response = await fetch(`${url}/rest/v11_20/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await response.json()) as Record<string, unknown>
  }
  const signedIn = await asked('oauth2/token', { grant_type: 'password', client_id: 'sugar', username, password, platform: 'assay' })
  expect(signedIn).toHaveProperty('access_token')
  const newest = async (): Promise<string> => {
    const { records } = await asked('Opportunities/filter', { fields: 'id', order_by: 'date_modified:DESC', max_num: 1 })
    return (records as { date_modified: string }[])[0]?.date_modified ?? ''
  }
  const before = await newest()
  child.stdin.write(`${JSON.stringify({ change: { share: 1, days: 2, seed: 3 } })}\n`)
  await next()
  expect((await newest()) > before).toBe(true)
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.stdin.end()
  expect(await ended).toBe(0)
})
