/** Typed arrays that a worker thread can see without a copy. */
export const sharedNumbers = (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(length * 8))
