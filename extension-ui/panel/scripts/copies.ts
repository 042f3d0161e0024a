import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bundled } from './bundle.ts'

/** A committed file that is made of these sources, so that whoever carries it needs no bundler. */
export interface Copy {
  /** From the root of the project. */
  readonly path: string
  readonly make: () => Promise<string>
}

const MADE = 'Made by `npm run build -w @assay/panel`'

const MODEL = new URL('../../panel-model/src/', import.meta.url)
/** Where HubSpot builds a card from: it takes what lies beside it and nothing else, so the model's sources themselves come along. */
export const HUBSPOT_MODEL = 'extension-ui/hubspot/src/app/cards/panel-model/'

/** Everything that is generated from panel-model and panel, for every surface: one command writes it, one test compares it. */
export const COPIES: readonly Copy[] = [
  ...(await readdir(MODEL)).toSorted().map((name) => ({
    path: HUBSPOT_MODEL + name,
    make: async () => `// ${MADE} from extension-ui/panel-model: change that.\n${await readFile(new URL(name, MODEL), 'utf8')}`,
  })),
  {
    path: 'extension-ui/panel/src/assets.generated.ts',
    make: async () => {
      const script = await bundled('panel/src/page.ts', { format: 'esm', target: 'es2022', minify: true, lineLimit: 160 })
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
  {
    path: 'connectors/sugarcrm/src/package/dashlet.generated.ts',
    make: async () => {
      const files = Object.entries(await sugarFiles()).map(
        ([path, text]) => `  ${JSON.stringify(path)}: ${asLines(text).replaceAll('\n', '\n  ')},\n`,
      )
      return `// ${MADE} from extension-ui/sugarcrm: change that.
import type { Copies } from './copies.ts'

/** The dashlet's files, by their path in Sugar. */
export const DASHLET: Copies = {
${files.join('')}}
`
    },
  },
]

/** The dashlet's files by their path in Sugar. Sidecar evaluates a view as one expression, which cannot import: what it needs stands inside. */
export async function sugarFiles(): Promise<Readonly<Record<string, string>>> {
  const source = (name: string): Promise<string> => readFile(new URL(`../../sugarcrm/src/view/${name}`, import.meta.url), 'utf8')
  const script = await bundled('sugarcrm/src/dashlet.ts', {
    format: 'iife',
    globalName: 'AssayDashlet',
    target: 'es2017',
    // Sugar's own minifier comes after this one, and it is an old one.
    supported: { 'template-literal': false },
    minify: true,
  })
  // Whoever reads the file in another encoding still reads the same.
  const ascii = script.replace(/[^\t\n -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const folder = 'custom/clients/base/views/assay-panel'
  return {
    [`${folder}/assay-panel.js`]: (await source('assay-panel.js.txt')).replace(
      'ASSAY_DASHLET',
      () => `(function() {\n${ascii}return AssayDashlet;\n})()`,
    ),
    [`${folder}/assay-panel.hbs`]: await source('assay-panel.hbs'),
    [`${folder}/assay-panel.php`]: await source('assay-panel.php'),
    'custom/Extension/application/Ext/Language/en_us.assay_panel.php': await source('labels.php'),
  }
}

/** A text as an expression of one literal for each line. */
const asLines = (text: string): string =>
  `[\n${text
    .split('\n')
    .map((line) => `  ${JSON.stringify(line)},\n`)
    .join('')}].join('\\n')`

export const pathOf = ({ path }: Pick<Copy, 'path'>): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
