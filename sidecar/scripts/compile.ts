import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ASC = join(dirname(createRequire(import.meta.url).resolve('assemblyscript/package.json')), 'bin/asc.js')
const KERNELS = fileURLToPath(new URL('../kernels', import.meta.url))
/** The memory is handed in, and threads share it. */
const MEMORY = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536']

/** `src/numeric/k-means.generated.ts`: the kernel as text, so that whoever runs it needs no compiler. */
export async function compiledKernel(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-kernel-'))
  try {
    const file = join(folder, 'k-means.wasm')
    const how = ['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--enable', 'threads', ...MEMORY]
    await promisify(execFile)(process.execPath, [ASC, 'k-means.ts', '--baseDir', KERNELS, '-o', file, ...how])
    const lines = (await readFile(file, 'base64')).match(/.{1,120}/g) ?? []
    const text = lines.map((line) => `  '${line}'`).join(' +\n')
    return `// Made by \`npm run kernels -w sidecar\` from kernels/k-means.ts: change that.\nexport const KERNEL =\n${text}\n`
  } finally {
    await rm(folder, { recursive: true })
  }
}
