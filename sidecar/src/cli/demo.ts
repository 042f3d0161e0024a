import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AssayError } from '@assay/shared'

export interface DemoOptions {
  readonly once?: boolean
  readonly json?: boolean
  readonly accounts: string
  readonly seed: string
}

const MOST_ACCOUNTS = 1_000_000

function wholeNumber(name: string, text: string, least: number, most: number): void {
  if (/^\d{1,10}$/.test(text) && Number(text) >= least && Number(text) <= most) return
  throw new AssayError('config', `${name} takes a whole number from ${least.toLocaleString('en')} to ${most.toLocaleString('en')}.`, {
    hint: 'For example: assay demo --once --accounts 300',
  })
}

/** The generated company and the stand-in CRM live with the tests: the product does not depend on them, it starts them. */
export async function demo(options: DemoOptions): Promise<void> {
  const main = fileURLToPath(new URL('../../../test/demo/src/main.ts', import.meta.url))
  if (!existsSync(main)) {
    throw new AssayError('config', 'The demo comes with a checkout of the project, and this is an installation without it.', {
      hint: 'Clone the project and run: npm run demo',
    })
  }
  wholeNumber('--accounts', options.accounts, 1, MOST_ACCOUNTS)
  wholeNumber('--seed', options.seed, 0, 2 ** 31 - 1)
  const given = [
    options.once ? ['--once'] : [],
    options.json ? ['--json'] : [],
    ['--accounts', options.accounts],
    ['--seed', options.seed],
  ].flat()
  const child = spawn(process.execPath, [main, ...given], { stdio: 'inherit' })
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal)
  process.on('SIGINT', forward).on('SIGTERM', forward)
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)))
  })
}
