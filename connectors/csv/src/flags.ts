const YES = new Set(['true', 'yes', 'y', 't', '1', 'x', 'ja', 'oui', 'won'])
const NO = new Set(['false', 'no', 'n', 'f', '0', 'nein', 'non'])

export const isYes = (value: string): boolean => YES.has(value.toLowerCase())
export const isYesOrNo = (value: string): boolean => isYes(value) || NO.has(value.toLowerCase())
