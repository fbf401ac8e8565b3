/** How the evidence page looks, on a screen and on paper. Contrast of at least 7:1; nothing is told by colour alone. */
export const PAGE_STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem; max-width: 62rem; color: #16181d; background: #fff; font: 15px/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; padding-bottom: .25rem; border-bottom: 2px solid #16181d; break-after: avoid; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; }
dt { font-weight: 600; }
p, dd { overflow-wrap: anywhere; }
dd { margin: 0; }
.wide { overflow-x: auto; margin: .5rem 0 1rem; }
table { border-collapse: collapse; width: 100%; min-width: 34rem; font-size: .87rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid #c4c8d0; overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid #5a6070; white-space: nowrap; }
tbody th { font-weight: 600; min-width: 9rem; }
.s { white-space: nowrap; min-width: 0; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.n:last-child { padding-right: 0; }
.h { font: .78rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; min-width: 17rem; }
.good, .bad { font-weight: 600; padding: .6rem .8rem; border-left: 6px solid #1b5e20; background: #eef6ee; }
.bad { border-left-color: #8e1b16; background: #fbeeed; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .82rem; background: #f3f4f6; padding: .6rem .8rem; }
@page { size: A4; margin: 16mm 14mm; }
@media print {
  body { padding: 0; max-width: none; font-size: 10pt; }
  .wide { overflow: visible; }
  table { min-width: 0; }
  tr, dl, .good, .bad { break-inside: avoid; }
  thead { display: table-header-group; }
  .good, .bad, pre { background: none; border: 1px solid #16181d; }
}
`;
