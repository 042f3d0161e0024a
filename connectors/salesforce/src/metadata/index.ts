export { apiName, OBJECTS, plainName } from './names.ts'
export { ensureFields, plan, type InstallOptions } from './install.ts'
export { removeFields } from './remove.ts'
export type { DeployOptions, Org, OrgConnection } from './org.ts'
