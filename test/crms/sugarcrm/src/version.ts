/** What the stand-in says it is, and what packages are held against. */
export const SERVER_VERSION = '14.0.0'
export const FLAVORS = { enterprise: 'ENT', professional: 'PRO' } as const
