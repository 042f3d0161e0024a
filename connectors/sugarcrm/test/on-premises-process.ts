/**
 * One sign-in in a process of its own, as `assay` makes it: certificates and proxies are the whole process's, from its environment.
 * `node on-premises-process.ts URL USERNAME` with the password in SUGAR_PASSWORD; prints one JSON document.
 */
import { AssayError, type Host } from '@assay/shared'
import { sugarcrm } from '../src/index.ts'

const [, , url = '', username = ''] = process.argv
let tries = 0
const host: Host = {
  fetch: (...given) => {
    tries += 1
    return globalThis.fetch(...given)
  },
  dispatcher: undefined,
  quota: { take: async () => {}, report: () => {} },
  now: Date.now,
  sleep: () => Promise.resolve(),
  signal: AbortSignal.timeout(30_000),
  log: { debug: () => {}, info: () => {}, warn: () => {} },
}
const settings = sugarcrm.settings.parse({ url, password: { username, password: process.env['SUGAR_PASSWORD'] ?? '' } })
try {
  const { account } = await sugarcrm.open(settings, host).check()
  console.log(JSON.stringify({ account }))
} catch (error) {
  if (!(error instanceof AssayError)) throw error
  const { kind, message, hint } = error
  console.log(JSON.stringify({ kind, message, hint, tries }))
}
