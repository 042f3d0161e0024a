import { createServer, type Server } from 'node:http'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const packages = createRequire(import.meta.url)
/** What Sidecar is made of, in the order in which it loads. */
const SCRIPTS: Readonly<Record<string, string>> = {
  'jquery.js': packages.resolve('jquery/dist/jquery.min.js'),
  'underscore.js': packages.resolve('underscore/underscore-umd-min.js'),
  'backbone.js': packages.resolve('backbone/backbone-min.js'),
  'handlebars.js': packages.resolve('handlebars/dist/handlebars.min.js'),
  'stand-in.js': new URL('./stand-in.js', import.meta.url).pathname,
}

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>SugarCRM</title><link rel="icon" href="data:,">
<style>
body { margin: 0; padding: 8px; font: 14px/1.45 Inter, "Open Sans", sans-serif; background: #f3f4f6; color: #2b2d2e; }
.dashlet { background: #ffffff; padding: 12px; border-radius: 6px; }
.dashlet h3 { margin: 0 0 8px; font-size: 15px; }
.dashlet .btn { font: inherit; padding: 4px 12px; }
.sugar-dark-theme { background: #17191c; color: #e4e6ea; }
.sugar-dark-theme .dashlet { background: #25282c; }
.record { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
</style>
${Object.keys(SCRIPTS)
  .map((name) => `<script src="/${name}"></script>`)
  .join('\n')}
</head>
<body class="sugar-light-theme"><header class="record"><h1>Record</h1><h2>Dashboard</h2></header>
<main><div class="dashlet"><h3>Assay</h3><div data-place></div></div></main></body>
</html>`

/** A record page in miniature, with a dashboard of one dashlet. */
export const pageServer = (): Server =>
  createServer((request, response) => {
    const name = (request.url ?? '/').slice(1)
    const path = SCRIPTS[name]
    if (path === undefined) {
      response.writeHead(name === '' ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' }).end(PAGE)
      return
    }
    readFile(path).then(
      (script) => response.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8' }).end(script),
      () => response.writeHead(500).end(),
    )
  })
