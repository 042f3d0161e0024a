import { readFileSync } from 'node:fs'

/** The text of one feature file. The file is the feature; nothing is added to it. */
export const queryText = (name: string): string => readFileSync(new URL(`./${name}.sql`, import.meta.url), 'utf8')
