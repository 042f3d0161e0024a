export { buildPackage, packageFiles } from './build.ts'
export { TEXT_COLUMN, typesOf } from './custom-field.ts'
export { PACKAGE, PACKAGE_FILE } from './identity.ts'
export { ANSWERS, fieldName, located, plainName, SCORED, type Located } from './names.ts'
