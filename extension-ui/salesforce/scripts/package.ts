import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { strFromU8, unzipSync } from 'fflate'

export const FORCE_APP = fileURLToPath(new URL('../force-app', import.meta.url))

export interface Packaged {
  /** The zip that a deployment takes. */
  readonly zip: Buffer
  /** Its files: path to text. */
  readonly files: Readonly<Record<string, string>>
  /** Names of components by type, as package.xml lists them. */
  readonly members: Readonly<Record<string, readonly string[]>>
}

/** The sources as one deployable zip, made without an org. The converter checks no content, so `unsound` does. */
export async function packaged(source = FORCE_APP): Promise<Packaged> {
  // The library keeps a log and asks home whether there is a newer one; a build needs neither.
  process.env['SF_DISABLE_LOG_FILE'] = 'true'
  process.env['SF_DISABLE_TELEMETRY'] = 'true'
  const { ComponentSet, MetadataConverter } = await import('@salesforce/source-deploy-retrieve')
  const folder = await mkdtemp(join(tmpdir(), 'assay-package-'))
  try {
    const set = ComponentSet.fromSource(source)
    set.sourceApiVersion = await apiVersion()
    await new MetadataConverter().convert(set, 'metadata', { type: 'zip', outputDirectory: folder, packageName: 'assay' })
    const name = (await readdir(folder, { recursive: true })).find((path) => path.endsWith('.zip'))
    if (name === undefined) throw new Error('the converter made no zip')
    const zip = await readFile(join(folder, name))
    const entries = Object.entries(unzipSync(zip)).filter(([path]) => !path.endsWith('/'))
    const files = Object.fromEntries(entries.map(([path, bytes]) => [path, strFromU8(bytes)]))
    return { zip, files, members: membersOf(files['package.xml'] ?? '') }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function apiVersion(): Promise<string> {
  const project = JSON.parse(await readFile(join(dirname(FORCE_APP), 'sfdx-project.json'), 'utf8')) as { sourceApiVersion: string }
  return project.sourceApiVersion
}

function membersOf(manifest: string): Packaged['members'] {
  const parser = new XMLParser({ isArray: (name) => name === 'types' || name === 'members', parseTagValue: false })
  const { Package } = parser.parse(manifest) as { Package: { types: { name: string; members: string[] }[] } }
  return Object.fromEntries(Package.types.map(({ name, members }) => [name, members]))
}

const METADATA = /\.xml$|^(objects|permissionsets|reports|reportTypes|labels|flexipages|layouts)\//
const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata'

/** What is wrong with these files, by path: XML that is not well-formed, or is not metadata. */
export function unsound(files: Packaged['files']): readonly string[] {
  return Object.entries(files).flatMap(([path, text]) => {
    if (!METADATA.test(path)) return []
    const valid = XMLValidator.validate(text)
    if (valid !== true) return [`${path}: ${valid.err.msg} in line ${valid.err.line}`]
    const document = new XMLParser({ ignoreAttributes: false }).parse(text) as Record<string, { '@_xmlns'?: string } | string>
    const [root] = Object.entries(document).filter(([name]) => name !== '?xml')
    const declared = root === undefined || typeof root[1] === 'string' ? undefined : root[1]['@_xmlns']
    return declared === NAMESPACE ? [] : [`${path}: its root is not in the namespace of metadata`]
  })
}

/** Where `npm run package` leaves the zip. */
export const ZIP = fileURLToPath(new URL('../dist/assay-salesforce.zip', import.meta.url))
export const makeFolder = (file: string): Promise<unknown> => mkdir(dirname(file), { recursive: true })
