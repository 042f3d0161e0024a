/** Text at least 4.5:1 on its ground in both schemes, lines that carry meaning at least 3:1. */
export const STYLE = `
:root { color-scheme: light dark;
  --text: light-dark(#1c2430, #e8ecf2); --quiet: light-dark(#55606e, #a9b4c2); --ground: light-dark(#ffffff, #14181e);
  --raised: light-dark(#f3f5f8, #1f252e); --edge: light-dark(#c9d0d9, #465261); --focus: light-dark(#1a56c4, #8ab4ff);
  --main: light-dark(#1f5fbf, #7fb0ff); --other: light-dark(#b25400, #ffb066); --soft: light-dark(#dbe7f9, #20385e);
  --good: light-dark(#14653a, #7fdba5); --good-ground: light-dark(#e3f4ea, #14301f);
  --bad: light-dark(#9c1c1c, #ff9d9d); --bad-ground: light-dark(#fde7e7, #3d1717); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1rem; }
main { padding-bottom: 2rem; }
h1 { font-size: 1.6rem; margin: 1.5rem 0 .25rem; line-height: 1.2; }
h2 { font-size: 1.35rem; margin: 0 0 .5rem; line-height: 1.25; }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h4 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0 .75rem; max-width: 46rem; overflow-wrap: anywhere; }
section { border-top: 1px solid var(--edge); padding-top: 1.5rem; margin-top: 2rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; margin: .5rem 0; }
nav a, .skip { color: var(--main); display: inline-block; padding: .2rem 0; }
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
.quiet { color: var(--quiet); }
.verdict { border-left: .3rem solid; padding: .6rem .9rem; border-radius: .25rem; margin: .75rem 0; overflow-wrap: anywhere; }
.publish { border-color: var(--good); background: var(--good-ground); } .publish strong { color: var(--good); }
.refuse { border-color: var(--bad); background: var(--bad-ground); } .refuse strong { color: var(--bad); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 11rem), 1fr)); gap: .75rem; margin: 1rem 0; padding: 0; }
.tiles div { background: var(--raised); border-radius: .4rem; padding: .6rem .8rem; }
.tiles dt { color: var(--quiet); font-size: .875rem; } .tiles dd { margin: 0; font-size: 1.15rem; font-variant-numeric: tabular-nums; }
.tiles small { display: block; font-size: .8rem; color: var(--quiet); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1.5rem; }
figure { margin: 0; min-width: 0; } figcaption p { color: var(--quiet); font-size: .9rem; }
svg { width: 100%; max-width: 34rem; height: auto; display: block; font: 12px system-ui, sans-serif; }
svg text { fill: var(--text); } svg .title { fill: var(--quiet); }
.grid { stroke: var(--edge); stroke-width: .5; } .axis { stroke: var(--quiet); }
.ideal { stroke: var(--quiet); stroke-dasharray: 4 4; } .line { fill: none; stroke: var(--main); stroke-width: 2; }
.dot { fill: var(--main); stroke: var(--ground); } .bar { fill: var(--main); } .bar.other { fill: var(--other); }
.box { fill: var(--soft); stroke: var(--main); } .median { stroke: var(--text); stroke-width: 2.5; } .whisker { stroke: var(--main); }
.wide { overflow-x: auto; margin: .75rem 0; } .wide:focus-visible, a:focus-visible, summary:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .925rem; } caption { text-align: left; color: var(--quiet); padding-bottom: .25rem; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--edge); vertical-align: top; }
tbody th { font-weight: 500; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.confusion td { text-align: center; padding: .6rem .9rem; font-variant-numeric: tabular-nums; } .confusion td b { display: block; font-size: 1.2rem; }
.right { background: var(--good-ground); } .wrong { background: var(--bad-ground); }
details { margin: .5rem 0; } summary { cursor: pointer; color: var(--main); padding: .25rem 0; width: fit-content; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 1rem; padding: 0; list-style: none; }
.cards li { background: var(--raised); border-radius: .4rem; padding: .8rem 1rem; overflow-wrap: anywhere; } .cards ul { padding-left: 1.1rem; margin: .25rem 0; }
.cards ul li { padding: 0; background: none; } .cards p { margin: .25rem 0; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media print { details::details-content { content-visibility: visible; } .skip, nav { display: none; } section { break-inside: avoid-page; } }
`
