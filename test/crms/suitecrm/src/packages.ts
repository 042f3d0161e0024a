import { assignmentsOf, listOf, memberOf, scalarText, valueAfter } from '@assay/crm-sugarcrm/php'
import { strFromU8, unzipSync } from 'fflate'
import { isModule, type ModuleName } from './modules.ts'
import type { Store } from './store.ts'

export class PackageError extends Error {}

export interface Package {
  /** By this it is found again when it is uninstalled; the name may change. */
  readonly id: string
  readonly name: string
  readonly version: string
  readonly fields: readonly {
    readonly module: ModuleName
    readonly name: string
    readonly type: string
    readonly len?: number
    readonly precision?: number
  }[]
}

/** What the version that SuiteCRM descends from is called. */
const SUGAR_VERSION = '6.5.25'
/** Functions that the scanner refuses wherever they are called. */
const FORBIDDEN = /\b(exec|shell_exec|system|passthru|eval|file_put_contents|curl_exec|include|require)\s*\(/

const numberOf = (text: string): number | undefined => (text === '' ? undefined : Number(text))

const unzipped = (zip: Uint8Array): Record<string, Uint8Array> => {
  try {
    return unzipSync(zip)
  } catch {
    throw new PackageError('Invalid Package')
  }
}

/** Reads a package as Module Loader does. Throws PackageError where it would be refused. */
export function packageIn(zip: Uint8Array): Package {
  const files = Object.fromEntries(Object.entries(unzipped(zip)).map(([path, bytes]) => [path, strFromU8(bytes)]))
  const source = files['manifest.php']
  if (source === undefined) throw new PackageError('There is no manifest.php in the package.')
  for (const [path, text] of Object.entries(files)) {
    const call = path.endsWith('.php') ? FORBIDDEN.exec(text.replaceAll(/'(?:[^'\\]|\\.)*'/gs, "''"))?.[1] : undefined
    if (call !== undefined) throw new PackageError(`${path}: Invalid usage of a function ${call}()`)
  }
  const assignments = assignmentsOf(source)
  const [manifest, definitions] = [valueAfter(assignments, 'manifest'), valueAfter(assignments, 'installdefs')]
  const versions = listOf(memberOf(memberOf(manifest, 'acceptable_sugar_versions'), 'regex_matches')).map(scalarText)
  if (!versions.some((each) => new RegExp(each).test(SUGAR_VERSION)))
    throw new PackageError(`The package is not compatible with this version: ${SUGAR_VERSION}`)
  for (const each of listOf(memberOf(definitions, 'language')))
    if (files[scalarText(memberOf(each, 'from')).replace('<basepath>/', '')] === undefined)
      throw new PackageError(`There is no file ${scalarText(memberOf(each, 'from'))} in the package.`)
  return {
    id: scalarText(memberOf(definitions, 'id')),
    name: scalarText(memberOf(manifest, 'name')),
    version: scalarText(memberOf(manifest, 'version')),
    fields: listOf(memberOf(definitions, 'custom_fields')).flatMap((each) => {
      const module = scalarText(memberOf(each, 'module'))
      if (!isModule(module)) throw new PackageError(`There is no module ${module}.`)
      const type = scalarText(memberOf(each, 'type'))
      const size = numberOf(scalarText(memberOf(each, 'max_size')))
      const places = type === 'decimal' ? numberOf(scalarText(memberOf(each, 'ext1'))) : undefined
      return [
        {
          module,
          name: scalarText(memberOf(each, 'name')),
          type,
          ...(type === 'varchar' || type === 'enum' ? { len: size ?? 255 } : {}),
          ...(places === undefined ? {} : { precision: places }),
        },
      ]
    }),
  }
}

/** Admin > Module Loader: what was uploaded, and what is installed. */
export interface Loader {
  upload(zip: Uint8Array): string
  staged(): readonly { readonly hash: string; readonly package: Package }[]
  installed(): readonly { readonly hash: string; readonly package: Package }[]
  install(hash: string): void
  /** The columns go with everything that stands in them; what was uploaded stays. */
  uninstall(hash: string): void
  /** Deletes what was uploaded. */
  discard(hash: string): void
  clear(): void
}

export function createLoader(store: Store): Loader {
  let uploads: { hash: string; package: Package }[] = []
  let installed: { hash: string; package: Package }[] = []
  let serial = 0
  const drop = (made: Package): void => {
    for (const { module, name } of made.fields) store.removeField(module, name)
  }
  return {
    upload(zip) {
      const made = packageIn(zip)
      serial += 1
      const hash = serial.toString(16).padStart(32, '0')
      uploads = [...uploads.filter((each) => each.package.id !== made.id), { hash, package: made }]
      return hash
    },
    staged: () => uploads.filter(({ hash }) => !installed.some((each) => each.hash === hash)),
    installed: () => installed,
    install(hash) {
      const found = uploads.find((each) => each.hash === hash)
      if (found === undefined) throw new PackageError('File to install not specified.')
      for (const field of found.package.fields) store.addField(field.module, { ...field, source: 'custom_fields' })
      installed = [...installed.filter((each) => each.package.id !== found.package.id), found]
    },
    uninstall(hash) {
      const found = installed.find((each) => each.hash === hash)
      if (found === undefined) throw new PackageError('That package is not installed.')
      drop(found.package)
      installed = installed.filter((each) => each !== found)
    },
    discard(hash) {
      uploads = uploads.filter((each) => each.hash !== hash)
    },
    clear() {
      uploads = []
      installed = []
    },
  }
}
