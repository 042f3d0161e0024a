import { writeFile } from 'node:fs/promises'
import { GENERATED, generated } from './bundle.ts'

await writeFile(GENERATED, await generated())
