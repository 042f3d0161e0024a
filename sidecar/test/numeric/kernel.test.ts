import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { compiledKernel } from '../../scripts/compile.ts'

describe('the kernel of k-means', () => {
  it('stands in numeric as it is compiled (else: npm run kernels -w sidecar)', async () => {
    const there = await readFile(new URL('../../src/numeric/k-means.generated.ts', import.meta.url), 'utf8')
    expect(there).toBe(await compiledKernel())
  })
})
