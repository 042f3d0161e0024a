import { DARK_TOKENS, TOKENS } from './tokens.ts'

/** The look of the page around the element. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; ${TOKENS} }
@media (prefers-color-scheme: dark) { :root { ${DARK_TOKENS} } }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-inline-size: 46rem; margin: 0 auto; padding: 1rem; }
h1 { margin: 0 0 .75rem; font-size: 1.375rem; line-height: 1.25; overflow-wrap: anywhere; }
h1 + .from { margin: -.5rem 0 .75rem; }
p { overflow-wrap: anywhere; }
.from, .status { color: var(--quiet); }
/* heard, not seen */
.heard { position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
button { font: inherit; padding: .5rem 1rem; border: 1px solid var(--edge); border-radius: .5rem; background: var(--raised); color: var(--text); cursor: pointer; }
button:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
code { overflow-wrap: anywhere; }
@media (min-width: 48rem) { main { padding: 2rem; } }
`
