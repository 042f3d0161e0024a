import { AssayError, type InstallablePackage } from '@assay/shared'
import { buildPackage, PACKAGE, PACKAGE_FILE } from './package/index.ts'

/** The package with what an admin does with it. Throws (`config`) on any setting: none has a say in it. */
export const installable = (given: Readonly<Record<string, unknown>>): InstallablePackage => {
  const [strange] = Object.keys(given)
  if (strange !== undefined)
    throw new AssayError('config', `The package cannot be made like this: ${strange} has no say in it.`, {
      hint: 'The package for SuiteCRM takes no setting.',
    })
  return {
    file: PACKAGE_FILE,
    bytes: buildPackage(),
    steps: [
      'Sign in to SuiteCRM as an admin and open Admin > Module Loader.',
      `Upload ${PACKAGE_FILE}, press Install beside "${PACKAGE.name}", then Commit.`,
      'Then connect: assay connect suitecrm --settings-file suitecrm.json',
    ],
  }
}
