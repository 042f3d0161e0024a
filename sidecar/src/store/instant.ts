/** Epoch ms as the text that a ClickHouse DateTime64(3) parameter reads (UTC). */
export const instant = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
