/** A count, or an amount without its cents: "12,300". */
export const n = (value: number): string => Math.round(value).toLocaleString('en')
/** "37 %", and "3.7 %" below a tenth. */
export const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
/** The day of an instant (epoch ms) in UTC. */
export const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
export const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)
