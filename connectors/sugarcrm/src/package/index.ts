export { buildPackage, packageFiles, type PackageContent } from './build.ts'
export { typesOf } from './custom-field.ts'
export { compareVersions, PACKAGE, PACKAGE_FILE, PLATFORM, versionIn } from './identity.ts'
export { ANSWERS, fieldName, located, plainName, SCORED, STAMPED, type Located } from './names.ts'
