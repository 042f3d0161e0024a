/** From which risk in percent a customer counts as Medium, and as High. Absolute, set by the admin, never quantiles. */
export interface Bands {
  readonly medium: number
  readonly high: number
}

export function bandOf(risk: number, bands: Bands): 'Low' | 'Medium' | 'High' {
  return risk >= bands.high ? 'High' : risk >= bands.medium ? 'Medium' : 'Low'
}

/** The edges in words: "Low below 30, Medium 30-59, High from 60 percent". */
export const bandsInWords = ({ medium, high }: Bands): string =>
  `Low below ${medium}, Medium ${medium}-${high - 1}, High from ${high} percent`
