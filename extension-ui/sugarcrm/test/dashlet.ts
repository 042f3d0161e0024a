import { sugarFiles } from '../../panel/scripts/copies.ts'

/** The dashlet as the connector's package carries it; a test of the panel holds the two together. */
export const DASHLET = await sugarFiles()

export const packagedFile = (name: string): string => {
  const text = Object.entries(DASHLET).find(([path]) => path.endsWith(`/${name}`))?.[1]
  if (text === undefined) throw new Error(`the package has no ${name}`)
  return text
}
