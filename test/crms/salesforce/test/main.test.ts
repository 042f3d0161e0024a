import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'

test('as a process of its own: says where it is, lets days go by, ends with its stdin', async () => {
  const main = new URL('../src/main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main, '--accounts', '20', '--control'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async (): Promise<Record<string, string>> => JSON.parse(String((await lines.next()).value)) as Record<string, string>
  const { url, token } = await next()
  const newest = async (): Promise<string> => {
    const response = await fetch(`${url}/services/data/v67.0/query?q=SELECT+MAX(SystemModstamp)+at+FROM+Opportunity`, {
      headers: { authorization: `Bearer ${token}` },
    })
    return ((await response.json()) as { records: { at: string }[] }).records[0]?.at ?? ''
  }
  const before = await newest()
  child.stdin.write(`${JSON.stringify({ change: { share: 1, days: 2, seed: 3 } })}\n`)
  await next()
  expect((await newest()) > before).toBe(true)
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.stdin.end()
  expect(await ended).toBe(0)
})
