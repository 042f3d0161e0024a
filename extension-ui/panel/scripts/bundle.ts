import { fileURLToPath } from 'node:url'
import { build, type BuildOptions } from 'esbuild'

/** The script of one of these sources with everything that it imports. The same text wherever the checkout lies. */
export async function bundled(
  source: string,
  how: Pick<BuildOptions, 'format' | 'target' | 'minify' | 'lineLimit' | 'globalName' | 'supported'>,
): Promise<string> {
  const result = await build({
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: [source],
    bundle: true,
    write: false,
    charset: 'utf8',
    legalComments: 'none',
    ...how,
  })
  return result.outputFiles[0]?.text ?? ''
}
