import { z } from 'zod'

export const settings = z.strictObject({
  /** The folder with the exports. */
  folder: z.string().min(1),
  /** Another place for `mapping.json`, where the folder itself cannot be written. */
  mappingFile: z.string().min(1).optional(),
})
export type CsvSettings = z.infer<typeof settings>
