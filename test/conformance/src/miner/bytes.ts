/** Everything in a value as text, so that two values can be compared bit by bit: typed arrays, NaN and -0 included. */
export function bytes(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (ArrayBuffer.isView(part) && !(part instanceof DataView)) return { [part.constructor.name]: Array.from(part as Float64Array, exact) }
    return typeof part === 'number' ? exact(part) : part
  })
}

const exact = (x: number): number | string => (Number.isFinite(x) && !Object.is(x, -0) ? x : Object.is(x, -0) ? '-0' : String(x))
