export { buildPackage, packageFiles } from './build.ts'
export { PACKAGE, PACKAGE_FILE } from './identity.ts'
