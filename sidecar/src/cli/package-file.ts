import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AssayError, type Connector } from '@assay/shared'

export interface BuiltFile {
  readonly connector: string
  /** Where it was put. */
  readonly file: string
  readonly bytes: number
  readonly steps: readonly string[]
}

/**
 * Writes what an admin installs in the CRM to carry the fields. Needs no sign-in, no connection and no data directory: some CRMs
 * refuse every sign-in until it is in. Throws (`config`) for a CRM whose fields come in another way.
 */
export async function packageFile(connector: Connector, settings: Readonly<Record<string, unknown>>, folder: string): Promise<BuiltFile> {
  if (connector.buildPackage === undefined) {
    const byCall = connector.capabilities.fields === true
    throw new AssayError(
      'config',
      byCall
        ? `Nothing to install by hand for ${connector.title}: its fields are made by assay fields install.`
        : `There are no fields to make for ${connector.title}.`,
      {
        hint: byCall
          ? `Sign in with assay connect ${connector.id}, look at assay fields plan, then assay fields install.`
          : 'Connect a CRM, or read the scores with assay report.',
      },
    )
  }
  const { file: name, bytes, steps } = connector.buildPackage(settings)
  const file = join(folder, name)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(file, bytes)
  } catch (cause) {
    throw new AssayError('config', `${file} cannot be written.`, { hint: 'Name a folder that you may write to: --folder FOLDER', cause })
  }
  return { connector: connector.id, file, bytes: bytes.length, steps }
}
