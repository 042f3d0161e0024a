import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { failed, failureOf, openTerminal } from '@assay/sidecar'
import { demo } from './demo.ts'
import { story } from './story.ts'

/** `assay demo`: a generated company, a stand-in CRM, and the whole flow between them. */
const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    accounts: { type: 'string', default: '1500' },
    seed: { type: 'string', default: '1' },
  },
})
const terminal = openTerminal({ json: values.json, level: 'warn' })
const controller = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort(new DOMException('stopped', 'AbortError')))
const home = await mkdtemp(join(tmpdir(), 'assay-demo-'))
try {
  await demo({
    home,
    accounts: Number(values.accounts),
    seed: Number(values.seed),
    once: values.once,
    terminal,
    signal: controller.signal,
    finished: (result) => terminal.result(result, story),
  })
} catch (error) {
  if (!controller.signal.aborted) {
    terminal.failure(failureOf(error))
    process.exitCode = failed(error)
  }
} finally {
  terminal.done()
  await rm(home, { recursive: true, force: true })
}
