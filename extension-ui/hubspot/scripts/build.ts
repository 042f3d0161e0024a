import { fileURLToPath } from 'node:url'
import { bundledCard } from './bundle.ts'

const { file, bytes } = await bundledCard(fileURLToPath(new URL('../dist/', import.meta.url)))
console.log(`${bytes} bytes in ${file}`)
