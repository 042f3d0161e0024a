import { fileURLToPath } from 'node:url'
import { bundled } from './bundle.ts'

/** A committed file that is made of these sources, so that whoever carries it needs no bundler. */
export interface Copy {
  /** From the root of the project. */
  readonly path: string
  readonly make: () => Promise<string>
}

const MADE = 'Made by `npm run build -w @assay/panel`'

/** Everything that is generated from panel-model and panel, for every surface: one command writes it, one test compares it. */
export const COPIES: readonly Copy[] = [
  {
    path: 'extension-ui/panel/src/assets.generated.ts',
    make: async () => {
      const script = await bundled('panel/src/page.ts', { format: 'esm', target: 'es2022', minify: true })
      return `// ${MADE} from page.ts: change that.\nexport const PAGE_SCRIPT = ${asLines(script)}\n`
    },
  },
  {
    path: 'extension-ui/salesforce/force-app/main/default/lwc/assayPanelModel/assayPanelModel.js',
    make: async () => {
      const script = await bundled('panel-model/src/index.ts', { format: 'esm', target: 'es2021', minify: false })
      return `// ${MADE} from extension-ui/panel-model: change that.\n${script}`
    },
  },
]

/** A text as an expression of one literal for each line. */
const asLines = (text: string): string =>
  `[\n${text
    .split('\n')
    .map((line) => `  ${JSON.stringify(line)},\n`)
    .join('')}].join('\\n')`

export const pathOf = ({ path }: Copy): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
