import { z } from 'zod'

/** How Assay signs in. Secrets among them are stored encrypted by the control plane. */
export const settings = z.strictObject({
  token: z.string().trim().min(1),
  baseUrl: z.url(),
})

export type Settings = z.output<typeof settings>
