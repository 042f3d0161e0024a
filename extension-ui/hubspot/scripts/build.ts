import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundledCard } from './bundle.ts'
import { COPY, generatedModel } from './model.ts'

await rm(COPY, { recursive: true, force: true })
await mkdir(COPY, { recursive: true })
for (const [name, text] of await generatedModel()) await writeFile(join(COPY, name), text)

const { file, bytes } = await bundledCard(fileURLToPath(new URL('../dist/', import.meta.url)))
console.log(`${bytes} bytes in ${file}`)
