import { writeFile } from 'node:fs/promises'
import { COPIES, pathOf } from './copies.ts'

for (const copy of COPIES) {
  await writeFile(pathOf(copy), await copy.make())
  console.log(copy.path)
}
