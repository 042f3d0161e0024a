import { KERNEL } from './k-means.generated.ts'

/** What kernels/k-means.ts exports; every address in bytes. */
interface Kernel {
  assign(
    points: number,
    width: number,
    first: number,
    end: number,
    fours: number,
    k: number,
    labels: number,
    sums: number,
    sizes: number,
    inertia: number,
  ): number
}

export interface KernelMemory {
  readonly buffer: SharedArrayBuffer
  grow(pages: number): number
}

/** As much of WebAssembly as is used here; Node's types do not know it. */
interface Engine {
  readonly Memory: new (pages: { initial: number; maximum: number; shared: true }) => KernelMemory
  readonly Module: new (code: Uint8Array) => object
  readonly Instance: new (module: object, imports: { env: { memory: KernelMemory } }) => { readonly exports: unknown }
}
const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly

const PAGE = 65_536
const MOST_PAGES = 65_536
const code = new Module(Uint8Array.from(atob(KERNEL), (byte) => byte.charCodeAt(0)))
const kernels = new WeakMap<KernelMemory, Kernel>()

/** The kernel at work on a memory, which another thread may have made. */
export function kernelOn(memory: KernelMemory): Kernel {
  const known = kernels.get(memory)
  if (known !== undefined) return known
  const made = new Instance(code, { env: { memory } }).exports as Kernel
  kernels.set(memory, made)
  return made
}

let held: KernelMemory | undefined

/**
 * Room for arrays that the kernel and every thread can work on. There is one such memory a thread, because each asks the system for
 * gigabytes of addresses: it serves one clustering at a time, grows with the largest, and still holds what the last one left.
 *
 * @param numbers how many 8-byte numbers will be asked for
 * @param integers how many 4-byte ones
 */
export function clusteringMemory(numbers: number, integers: number) {
  held ??= new Memory({ initial: 1, maximum: MOST_PAGES, shared: true })
  const needed = Math.ceil((numbers * 8 + integers * 4) / PAGE) - held.buffer.byteLength / PAGE
  if (needed > 0) held.grow(needed)
  const { buffer } = held
  let nextNumber = 0
  let nextInteger = numbers * 8
  return {
    memory: held,
    floats: (length: number): Float64Array => {
      const array = new Float64Array(buffer, nextNumber, length)
      nextNumber += array.byteLength
      return array
    },
    integers: (length: number): Int32Array => {
      const array = new Int32Array(buffer, nextInteger, length)
      nextInteger += array.byteLength
      return array
    },
  }
}
