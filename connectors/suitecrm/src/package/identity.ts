/** How SuiteCRM knows the package. A changed one is only taken with a higher version. */
export const PACKAGE = { id: 'assay', name: 'Assay', version: '1.0.0' } as const
/** The name of the file that an admin uploads. */
export const PACKAGE_FILE = `${PACKAGE.id}-suitecrm-${PACKAGE.version}.zip`
