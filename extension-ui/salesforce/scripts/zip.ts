import { writeFile } from 'node:fs/promises'
import { makeFolder, packaged, unsound, ZIP } from './package.ts'

const { zip, files, members } = await packaged()
const wrong = unsound(files)
if (wrong.length > 0) {
  console.error(wrong.join('\n'))
  process.exit(1)
}
await makeFolder(ZIP)
await writeFile(ZIP, zip)
for (const [type, names] of Object.entries(members)) console.log(`${names.length} ${type}: ${names.join(', ')}`)
console.log(`${zip.length} bytes in dist/assay-salesforce.zip`)
