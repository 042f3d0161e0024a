import { fieldsByPackage } from '@assay/sugar-family'
import { unreadable } from './instance.ts'
import { PACKAGE, PACKAGE_FILE } from './package/index.ts'

export const INSTALL = `An admin of SuiteCRM uploads ${PACKAGE_FILE} (assay fields build suitecrm makes it) under Admin > Module Loader and installs it; an older version of the package is replaced by it.`
const UNINSTALL = `it came with the package "${PACKAGE.name}": an admin of SuiteCRM takes it back, with all its fields and what stands in them, under Admin > Module Loader > ${PACKAGE.name} > Uninstall, then Delete Package`

export const { plan, ensureFields, removeFields } = fieldsByPackage({
  connector: 'suitecrm',
  crm: 'SuiteCRM',
  file: PACKAGE_FILE,
  install: INSTALL,
  uninstall: UNINSTALL,
  unreadable,
})
