import { AssayError, type InstallablePackage, sayIssues, wording } from '@assay/shared'
import { z } from 'zod'
import { buildPackage, PACKAGE, PACKAGE_FILE, PLATFORM } from './package/index.ts'
import { platform } from './settings.ts'

/** The one setting that the package must agree with: the platform under which Assay will sign in. */
const settled = z.strictObject({ platform })

/** What a connection needs at least: the integration user, never somebody's own. */
const SETTINGS = JSON.stringify({ url: 'https://crm.example.com', password: { username: 'assay', password: '…' } })

/** The package with what an admin does with it. Throws (`config`) on any other setting. */
export const installable = (given: Readonly<Record<string, unknown>>): InstallablePackage => {
  const parsed = settled.safeParse(given, { error: wording({ show: true }) })
  if (!parsed.success) {
    throw new AssayError('config', `The package cannot be made like this: ${sayIssues(parsed.error, 'settings')}`, {
      hint: `The package takes one setting: platform=NAME (${PLATFORM}).`,
    })
  }
  const other = parsed.data.platform === PLATFORM ? '' : ` --setting platform=${parsed.data.platform}`
  return {
    file: PACKAGE_FILE,
    bytes: buildPackage({ platform: parsed.data.platform }),
    steps: [
      'Sign in to Sugar as an admin and open Admin > Module Loader.',
      `Upload ${PACKAGE_FILE}, then press Install beside "${PACKAGE.name} ${PACKAGE.version}".`,
      `Make a file that only you can read, sugarcrm.json: ${SETTINGS}`,
      `Connect: assay connect sugarcrm --settings-file sugarcrm.json${other}`,
    ],
  }
}
