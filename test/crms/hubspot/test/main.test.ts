import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('as a process of its own: one line of JSON, answers, ends on SIGTERM', async () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const child = spawn(process.execPath, [main, '--accounts', '5', '--seed', '2', '--limits', 'off', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { url, token } = JSON.parse(line.toString()) as { url: string; token: string }
  const answer = await fetch(`${url}/crm/v3/objects/companies?limit=100`, { headers: { authorization: `Bearer ${token}` } })
  const { results } = (await answer.json()) as { results: unknown[] }
  expect(results.length).toBe(5)
  child.kill('SIGTERM')
  const [code] = (await once(child, 'exit')) as [number]
  expect(code).toBe(0)
})
