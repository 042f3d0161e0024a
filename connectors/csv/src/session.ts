import { AssayError, type Host, type Session } from '@assay/shared'
import { checkFolder, readsOf } from './check.ts'
import { readMappingNow } from './mapping.ts'
import type { Mapping } from './model.ts'
import { readKind } from './read.ts'
import type { CsvSettings } from './settings.ts'

const readOnly = (what: string): AssayError =>
  new AssayError('config', `CSV files are only read: ${what} is not possible`, { hint: 'Connect the CRM itself to publish into it.' })

/** A folder, opened. Its files are looked at when the first question is asked, and once. */
export function openFolder(settings: CsvSettings, host: Host): Session {
  let known: Mapping | null = null
  const mapping = (): Mapping => (known ??= readMappingNow(settings.folder, { mappingFile: settings.mappingFile }))
  return {
    check: async () => await Promise.resolve(checkFolder(mapping())),
    reads: () => readsOf(mapping()),
    read: async function* read(kind, since) {
      yield* readKind(mapping(), kind, since, host.signal)
    },
    // eslint-disable-next-line require-yield -- it has nothing to give
    readIds: async function* readIds() {
      throw await Promise.resolve(readOnly('reading single records'))
    },
    plan: () => Promise.reject(readOnly('planning fields')),
    ensureFields: () => Promise.reject(readOnly('making fields')),
    removeFields: () => Promise.reject(readOnly('removing fields')),
    estimate: () => Promise.reject(readOnly('writing scores')),
    // eslint-disable-next-line require-yield -- it has nothing to give
    write: async function* write() {
      throw await Promise.resolve(readOnly('writing scores'))
    },
    upsertTask: () => Promise.reject(readOnly('making tasks')),
    close: () => Promise.resolve(),
  }
}
