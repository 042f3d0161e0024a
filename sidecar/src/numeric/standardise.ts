import { moments } from './moments.ts'

/** (x - mean) / standard deviation; a constant column becomes zeros; NaN stays NaN. */
export function standardise(values: Float64Array): { values: Float64Array; mean: number; deviation: number } {
  const { mean, deviation } = moments(values)
  const scale = deviation > 0 ? deviation : 1
  return { values: values.map((v) => (v - mean) / scale), mean, deviation }
}
