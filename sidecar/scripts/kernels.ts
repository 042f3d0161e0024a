/** Compiles the kernels: `npm run kernels -w sidecar`. */
import { writeFile } from 'node:fs/promises'
import { compiledKernel } from './compile.ts'

await writeFile(new URL('../src/numeric/k-means.generated.ts', import.meta.url), await compiledKernel())
