import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { startServer, unavailable } from './servers.ts'

const SLOW = 120_000
const alive = async (url: string): Promise<boolean> =>
  fetch(`${url}/ping`).then(
    (answer) => answer.ok,
    () => false,
  )
async function untilGone(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200 && (await alive(url)); attempt++) await new Promise((resolve) => setTimeout(resolve, 50))
}

if (unavailable !== null) console.log(unavailable)

it.skipIf(unavailable !== null)('a test server is gone when it is closed', { timeout: SLOW }, async () => {
  const server = await startServer()
  expect(await alive(server.url)).toBe(true)
  await server.close()
  expect(await alive(server.url)).toBe(false)
})

it.skipIf(unavailable !== null)('a test server dies with the process that started it', { timeout: SLOW }, async () => {
  const text = `import { startServer } from ${JSON.stringify(new URL('servers.ts', import.meta.url).href)}
    console.log((await startServer()).url)`
  // Whoever is killed cannot clean up: its files go where the test can.
  const TMPDIR = await mkdtemp(join(tmpdir(), 'assay-killed-'))
  const env = { ...process.env, TMPDIR }
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', text], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: parent.stdout })
  const [url] = (await once(lines, 'line')) as [string]
  expect(await alive(url)).toBe(true)
  parent.kill('SIGKILL')
  await untilGone(url)
  expect(await alive(url)).toBe(false)
  await rm(TMPDIR, { recursive: true, force: true })
})
