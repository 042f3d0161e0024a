import { createHash } from 'node:crypto'
import type { Instance } from '../instance.ts'
import type { OAuth } from '../oauth.ts'
import { FLAVORS } from '../version.ts'
import { PackageError, readPackage, type Package } from './package.ts'

export interface Staged {
  /** A hash of the archive: what install calls `file_install`, and removal of the file `unFile`. */
  readonly file: string
  readonly package: Package
}

export interface Installed extends Staged {
  readonly id: string
}

/** Admin > Module Loader. */
export interface Loader {
  /** Throws PackageError where Sugar would refuse. */
  stage(zip: Uint8Array): Staged
  install(file: string): Installed
  uninstall(id: string): void
  discard(file: string): boolean
  staged(): readonly Staged[]
  installed(): readonly Installed[]
  labels(): Readonly<Record<string, Readonly<Record<string, string>>>>
  clear(): void
}

export function createLoader(instance: Instance, oauth: OAuth): Loader {
  let staged: Staged[] = []
  let installed: Installed[] = []
  let serial = 0

  const takeOut = ({ package: { fields, platforms, dropdowns } }: Installed): void => {
    for (const { module, field } of fields) {
      instance.schema.remove(module, field.name)
      instance.store.forget(module, field.name)
    }
    for (const platform of platforms) oauth.unregister(platform)
    for (const list of Object.keys(dropdowns)) instance.schema.removeDropdown(list)
  }

  return {
    stage(zip) {
      const made: Staged = {
        file: createHash('md5').update(zip).digest('hex'),
        package: readPackage(zip, FLAVORS[instance.schema.enterprise ? 'enterprise' : 'professional']),
      }
      const same = installed.find((each) => each.package.id === made.package.id)
      if (same !== undefined && newer(same.package.version, made.package.version) >= 0)
        throw new PackageError(`Version ${same.package.version} of this package is installed; a higher one is needed.`)
      staged = [...staged.filter((each) => each.file !== made.file), made]
      return made
    },
    install(file) {
      const found = staged.find((each) => each.file === file)
      if (found === undefined) throw new PackageError('There is no such uploaded package.')
      const { schema } = instance
      const before = installed.find((each) => each.package.id === found.package.id)
      // An upgrade leaves what people wrote into fields that both versions have.
      const kept = new Set(found.package.fields.map(({ module, field }) => `${module}.${field.name}`))
      for (const { module, field } of before?.package.fields ?? [])
        if (!kept.has(`${module}.${field.name}`)) schema.remove(module, field.name)
      for (const { module, field } of found.package.fields) schema.put(module, field)
      for (const platform of found.package.platforms) oauth.register(platform)
      for (const [list, entries] of Object.entries(found.package.dropdowns)) schema.putDropdown(list, entries)
      serial += 1
      const made: Installed = { ...found, id: `9ac4a6e0-0000-4000-8000-${String(serial).padStart(12, '0')}` }
      installed = [...installed.filter((each) => each.package.id !== found.package.id), made]
      staged = staged.filter((each) => each !== found)
      return made
    },
    uninstall(id) {
      const found = installed.find((each) => each.id === id)
      if (found === undefined) throw new PackageError('There is no such installed package.')
      if (!found.package.uninstallable) throw new PackageError('This package cannot be uninstalled.')
      takeOut(found)
      installed = installed.filter((each) => each !== found)
      staged = [...staged, { file: found.file, package: found.package }]
    },
    discard(file) {
      const before = staged.length
      staged = staged.filter((each) => each.file !== file)
      return staged.length < before
    },
    staged: () => staged,
    installed: () => installed,
    labels() {
      const all: Record<string, Record<string, string>> = {}
      for (const { package: each } of installed)
        for (const [module, labels] of Object.entries(each.labels)) all[module] = { ...all[module], ...labels }
      return all
    },
    clear() {
      for (const each of installed) takeOut(each)
      staged = []
      installed = []
    },
  }
}

/** Compares versions by their numbers. */
function newer(one: string, other: string): number {
  const [left, right] = [one.split('.').map(Number), other.split('.').map(Number)]
  for (let position = 0; position < Math.max(left.length, right.length); position += 1) {
    const order = (left[position] ?? 0) - (right[position] ?? 0)
    if (order !== 0) return order
  }
  return 0
}
