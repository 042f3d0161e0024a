import { DARK_TOKENS, TOKENS } from './tokens.ts'

/** The look of the element, inside its shadow root. */
export const PANEL_STYLE = `
:host { display: block; color: var(--text); ${TOKENS} }
@media (prefers-color-scheme: dark) { :host { ${DARK_TOKENS} } }
/* Where the page around it has a scheme of its own, whatever the system prefers. */
:host([scheme="light"]) { color-scheme: light; ${TOKENS} }
:host([scheme="dark"]) { color-scheme: dark; ${DARK_TOKENS} }
* { box-sizing: border-box; }
section { margin: 0 0 1.25rem; }
h1, h2, h3, h4, h5, h6 { margin: 0 0 .35rem; font-size: .8125rem; line-height: 1.3; font-weight: 600; color: var(--quiet); }
p, ul, ol, dl, dd { margin: 0; overflow-wrap: anywhere; }
li, dd, span, strong { overflow-wrap: anywhere; }
.small, footer, .meaning { font-size: .875rem; color: var(--quiet); }
.action, .notice { padding: .75rem 1rem; border-radius: .5rem; border-inline-start: .25rem solid var(--info); background: var(--info-ground); }
.action p { font-size: 1.125rem; line-height: 1.35; font-weight: 600; }
.notice :is(h1, h2, h3, h4, h5, h6) { font-size: 1rem; color: var(--text); }
.notice.warning { border-color: var(--caution); background: var(--caution-ground); }
.notice.error { border-color: var(--bad); background: var(--bad-ground); }
.action :is(h1, h2, h3, h4, h5, h6) { color: var(--info); }
.figures { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; }
.number { font-size: 2.75rem; line-height: 1.1; font-weight: 700; font-variant-numeric: tabular-nums; }
.band { padding: .15rem .6rem; border-radius: 1rem; border: 1px solid; font-weight: 600; }
.band.good { color: var(--good); background: var(--good-ground); }
.band.caution { color: var(--caution); background: var(--caution-ground); }
.band.bad { color: var(--bad); background: var(--bad-ground); }
.band.neutral { color: var(--text); background: var(--raised); border-color: var(--edge); }
.trend.good { color: var(--good); }
.trend.bad { color: var(--bad); }
.trend.neutral { color: var(--quiet); }
.arrow { margin-inline-end: .3em; }
.meaning { margin-block-start: .25rem; }
.history { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1rem; margin-block-start: .5rem; }
.line { flex: none; max-inline-size: 100%; border-block-end: 1px solid var(--edge); }
.line path { fill: none; stroke: var(--quiet); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.line circle { fill: var(--text); }
details { font-size: .875rem; color: var(--quiet); }
summary { cursor: pointer; }
summary:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: .25rem; }
table { border-collapse: collapse; margin-block-start: .25rem; }
th, td { text-align: start; padding: .1rem 1rem .1rem 0; font-weight: 400; font-variant-numeric: tabular-nums; }
.reasons ul { list-style: none; padding: 0; }
.reasons li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; padding: .45rem 0; border-block-end: 1px solid var(--edge); }
.reasons li .small { flex-basis: 100%; }
.reasons .small { margin-block-start: .35rem; }
.reasons li:first-child .what { font-weight: 600; }
.raises .effect { color: var(--bad); }
.lowers .effect { color: var(--good); }
.facts ul, .offers ol { padding-inline-start: 1.25rem; }
.facts li { padding: .2rem 0; font-size: 1.0625rem; }
.offers li { padding: .3rem 0; }
.offers li p { font-size: .9375rem; color: var(--quiet); }
.code { color: var(--quiet); font-size: .875rem; }
.answers { display: flex; flex-wrap: wrap; gap: .35rem .5rem; margin-block: .35rem .2rem; }
.answers button { font: inherit; font-size: .875rem; min-block-size: 2rem; padding: .2rem .75rem; border: 1px solid var(--control); border-radius: .5rem; background: var(--raised); color: var(--text); cursor: pointer; }
.answers button[aria-pressed="true"] { border-color: var(--info); background: var(--info-ground); color: var(--info); font-weight: 600; }
.answers button:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.offers li p.refused { color: var(--bad); }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; }
dt { font-size: .8125rem; color: var(--quiet); }
footer { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding-block-start: .75rem; border-block-start: 1px solid var(--edge); }
`
