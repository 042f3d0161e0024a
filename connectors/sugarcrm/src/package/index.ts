export { buildPackage, packageFiles, type PackageContent } from './build.ts'
export { compareVersions, PACKAGE, PACKAGE_FILE, PLATFORM, versionIn } from './identity.ts'
export { STAMPED } from './label.ts'
