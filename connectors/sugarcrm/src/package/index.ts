export { buildPackage, PACKAGE, PACKAGE_FILE, packageFiles, PLATFORM, type Copies, type PackageContent } from './build.ts'
export { typesOf } from './custom-field.ts'
export { ANSWERS, fieldName, located, plainName, SCORED, type Located } from './names.ts'
