/** Writes the package that an admin of Sugar uploads: `npm run package -- [folder]`. Needs no sign-in. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildPackage, PACKAGE_FILE } from '../src/index.ts'

const folder = process.argv[2] ?? '.'
await mkdir(folder, { recursive: true })
await writeFile(join(folder, PACKAGE_FILE), buildPackage())
console.log(join(folder, PACKAGE_FILE))
