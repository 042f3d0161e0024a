/** Writes the generated part of the app package: `npm run app-package`. Files that are generated no longer go. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { appPackage } from '../src/metadata/app-package.ts'

const HOME = fileURLToPath(new URL('../../../extension-ui/salesforce/force-app/main/default', import.meta.url))
const files = appPackage()

for (const folder of new Set(Object.keys(files).map((path) => path.split('/')[0] ?? '')))
  await rm(join(HOME, folder), { recursive: true, force: true })
for (const [path, text] of Object.entries(files)) {
  await mkdir(dirname(join(HOME, path)), { recursive: true })
  await writeFile(join(HOME, path), text)
}
console.log(`${Object.keys(files).length} files`)
