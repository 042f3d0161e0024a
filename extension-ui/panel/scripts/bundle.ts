import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The page's script as one module, and the text of the file that keeps it: `npm run build` writes it, a test compares it. */
export async function generated(): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('../src/page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    // Small, and the same however the sources are laid out.
    minify: true,
    lineLimit: 160,
  })
  const lines = (result.outputFiles[0]?.text ?? '').split('\n').map((line) => `  ${JSON.stringify(line)},\n`)
  return `// Made by \`npm run build -w @assay/panel\` from page.ts: change that.\nexport const PAGE_SCRIPT = [\n${lines.join('')}].join('\\n')\n`
}

export const GENERATED = fileURLToPath(new URL('../src/assets.generated.ts', import.meta.url))
