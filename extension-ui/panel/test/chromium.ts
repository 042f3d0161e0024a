import { existsSync } from 'node:fs'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))

/**
 * What Playwright's `chromium.launch` takes for this machine's Chromium, which then gets a fresh profile; undefined where there is none.
 * Knows nothing but Node: tests import it by its path from folders that bring a Playwright and a test runner of their own.
 */
export const CHROMIUM =
  executablePath === undefined
    ? undefined
    : {
        executablePath,
        args: [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      }

/** Why tests in a browser are left out, said on the console as well; false where they can be run. */
export function withoutChromium(what: string): string | false {
  if (CHROMIUM !== undefined) return false
  const why = `left out: ${what} (install chromium)`
  console.log(why)
  return why
}
