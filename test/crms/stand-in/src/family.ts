/** Whether a family of requests is the one that is named, or below it: `records.update` is within `records`. */
export const isWithin = (named: string, family: string): boolean => family === named || family.startsWith(`${named}.`)
