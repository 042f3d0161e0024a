import type { Copies } from './copies.ts'

/** The dashlet's files, by their path in Sugar. Made by extension-ui/sugarcrm; nothing here is written by hand. */
export const DASHLET: Copies = {}
