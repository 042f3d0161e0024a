import { fieldsByPackage } from '@assay/sugar-family'
import { unreadable } from './instance.ts'
import { PACKAGE, PACKAGE_FILE } from './package/index.ts'

export const INSTALL = `An admin of Sugar uploads ${PACKAGE_FILE} (assay fields build sugarcrm makes it) under Admin > Module Loader and installs it; an older version of the package is replaced by it.`
/** Where the package is in and yet not whole: Sugar takes the same version only once. */
export const REPAIR = `An admin of Sugar deleted them in Studio, or the installation broke off: uninstall the package under Admin > Module Loader, keeping the tables, and install ${PACKAGE_FILE} again.`
const UNINSTALL = `it came with the package "${PACKAGE.name}": an admin of Sugar takes it back, with all its fields and what stands in them, under Admin > Module Loader > ${PACKAGE.name} > Uninstall, with "Remove Tables"`

export const { plan, ensureFields, removeFields } = fieldsByPackage({
  connector: 'sugarcrm',
  crm: 'Sugar',
  file: PACKAGE_FILE,
  install: INSTALL,
  uninstall: UNINSTALL,
  unreadable,
})
