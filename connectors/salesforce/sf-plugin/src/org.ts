import type { Connection, Org as SfOrg } from '@salesforce/core'
import type { Org } from '../../src/metadata/index.ts'

/** What metadata work says along the way. */
export interface Ears {
  info(text: string): void
  warn(text: string): void
}

/** The org of an `sf` login, as metadata work wants it. The login stays where `sf` keeps it. */
export const orgOf = (connection: Connection, ears: Ears): Org => ({
  connection,
  log: { debug: () => undefined, info: (text) => ears.info(text), warn: (text) => ears.warn(text) },
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
})

/** What a connection of Assay is called that belongs to this org: another org can never be taken for it. */
export const titleOf = (org: SfOrg): string => `Salesforce ${org.getOrgId().slice(0, 15)}`
