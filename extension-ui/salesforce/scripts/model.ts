import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The text of the module `c/assayPanelModel`: `npm run build` writes it, a test compares it. */
export async function generatedModel(): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('../../panel-model/src/index.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2021',
    charset: 'utf8',
    legalComments: 'none',
    // The same text wherever the checkout lies.
    absWorkingDir: fileURLToPath(new URL('../../panel-model', import.meta.url)),
    banner: { js: '// Made by `npm run build` in extension-ui/salesforce from extension-ui/panel-model: change that.' },
  })
  return result.outputFiles[0]?.text ?? ''
}

export const MODEL_FILE = fileURLToPath(new URL('../force-app/main/default/lwc/assayPanelModel/assayPanelModel.js', import.meta.url))
