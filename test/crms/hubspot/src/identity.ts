/** Which account this is, and which app speaks to it. */
export const PORTAL_ID = 123_456
export const APP_ID = 54_321
