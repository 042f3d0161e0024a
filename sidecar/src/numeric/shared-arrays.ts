/** Arrays that every thread sees without a copy, all zero. */
export const floats = (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(length * 8))
export const integers = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4))
