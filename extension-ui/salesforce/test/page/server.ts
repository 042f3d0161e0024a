import { createServer, type Server } from 'node:http'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const packages = createRequire(import.meta.url)
const folderOf = (name: string): string => dirname(packages.resolve(`${name}/package.json`))

/** Looks that an org may have; the class is how SLDS 2 is told to be dark. */
export const THEMES = {
  slds1: { sheet: join(folderOf('@salesforce-ux/design-system'), 'assets/styles/salesforce-lightning-design-system.min.css'), class: '' },
  slds2: { sheet: join(folderOf('@salesforce-ux/design-system-2'), 'dist/css/bundled/slds2.cosmos.css'), class: '' },
  dark: {
    sheet: join(folderOf('@salesforce-ux/design-system-2'), 'dist/css/bundled/slds2.cosmos.css'),
    class: 'slds-color-scheme--dark',
  },
} as const
export type Theme = keyof typeof THEMES

const html = (theme: Theme): string => `<!doctype html>
<html lang="en" class="${THEMES[theme].class}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Record page</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/${theme}.css">
<style>body { margin: 0; padding: 8px; background: var(--slds-g-color-surface-container-2, #f3f3f3); }</style></head>
<body><header><h1 class="slds-assistive-text">Record page</h1></header><main></main><script src="/page.js"></script></body>
</html>`

/** A record page in miniature: `/slds1`, `/slds2`, `/dark`. */
export const pageServer = (script: string): Server =>
  createServer((request, response) => {
    const name = (request.url ?? '/').slice(1)
    const send = (type: string, body: string | Buffer): void => {
      response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` }).end(body)
    }
    if (name === 'page.js') return send('text/javascript', script)
    const theme = name.replace(/\.css$/, '')
    if (!(theme in THEMES)) return void response.writeHead(404).end()
    if (theme === name) return send('text/html', html(theme as Theme))
    readFile(THEMES[theme as Theme].sheet).then(
      (sheet) => send('text/css', sheet),
      () => response.writeHead(500).end(),
    )
  })
