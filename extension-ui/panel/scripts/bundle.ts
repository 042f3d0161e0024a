import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The script of one of these sources with everything that it imports. The same text wherever the checkout lies. */
export async function bundled(
  source: string,
  how: { readonly format: 'esm' | 'iife'; readonly target: string; readonly minify: boolean; readonly globalName?: string },
): Promise<string> {
  const result = await build({
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: [source],
    bundle: true,
    write: false,
    charset: 'utf8',
    legalComments: 'none',
    ...how,
    ...(how.minify ? { lineLimit: 160 } : {}),
  })
  return result.outputFiles[0]?.text ?? ''
}
