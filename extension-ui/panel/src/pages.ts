const document = (title: string, head: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/panel-assets/page.css">
${head}</head>
<body><main>${body}</main></body>
</html>
`

/** The same for every record: what is shown comes later, over the same link. */
export const PANEL_PAGE = document(
  'Assay',
  '<script type="module" src="/panel-assets/page.js"></script>\n',
  '<noscript><h1>Assay</h1><p>This page needs JavaScript to show the scores.</p></noscript>',
)

/** For a link that is over, or never was one: says nothing about any record. */
export const LINK_OVER_PAGE = document(
  'This link is over – Assay',
  '',
  `<h1>This link is over</h1>
<p>A link to a panel works for a short time and for one record only, so that it can be passed on without giving away more.</p>
<p>Get a new one where you got this one, or ask the person who runs Assay for it. They type <code>assay link account:ID</code>.</p>`,
)

/** Assay itself cannot look the link up. */
export const UNAVAILABLE_PAGE = document(
  'Not available – Assay',
  '',
  `<h1>Assay cannot answer right now</h1>
<p>Its database does not answer. Nothing is lost. Load this page again in a minute; if it stays like this, tell the person who runs Assay.</p>`,
)
