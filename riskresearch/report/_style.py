"""The style sheet of the page: light, dark, narrow and printed. No font or picture is fetched."""

# The class names of shaded cells: up or down, in as many steps.
SHADES = 5

_SHADE_RULES = "".join(
    f"td.up{step} {{ background: rgb(43 123 186 / {0.13 * step:.2f}); }}\n"
    f"td.down{step} {{ background: rgb(200 100 27 / {0.13 * step:.2f}); }}\n"
    for step in range(1, SHADES + 1)
)

STYLE = (
    """\
:root {
  color-scheme: light dark;
  --page: #ffffff; --ink: #1b2430; --soft: #566173; --rule: #d8dee7; --panel: #f5f7fa; --accent: #1f5f96;
  --note: #fff6e9; --note-rule: #c8641b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12171f; --ink: #e3e8ef; --soft: #9aa6b6; --rule: #2d3643; --panel: #19202b; --accent: #7db6e8;
    --note: #241d15; --note-rule: #c8641b;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2.5rem 1.5rem 3rem; max-width: 62rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
h1, h2 { font-family: Charter, "Bitstream Charter", "Iowan Old Style", Georgia, serif; font-weight: 600; }
h1 { margin: 0; font-size: 2.1rem; line-height: 1.15; overflow-wrap: anywhere; }
h2 { margin: 0 0 0.5rem; padding-top: 0.6rem; font-size: 1.3rem; border-top: 2px solid var(--accent); }
p { margin: 0.5rem 0; max-width: 46rem; }
header .kind {
  margin: 0 0 0.35rem; color: var(--accent); font-size: 0.8rem; font-weight: 600; letter-spacing: 0.08em;
  text-transform: uppercase;
}
header .span { color: var(--soft); }
section { margin-top: 2.4rem; }
section p { color: var(--soft); }
.cards {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(8.6rem, 1fr)); gap: 0.7rem;
  margin: 1.5rem 0; padding: 0; list-style: none;
}
.cards li {
  display: block; padding: 0.7rem 0.85rem; background: var(--panel); border: 1px solid var(--rule); border-radius: 6px;
}
.cards span { display: block; }
.cards .name, .cards .beside { color: var(--soft); font-size: 0.8rem; line-height: 1.35; overflow-wrap: anywhere; }
.cards .interval { font-size: 0.8rem; line-height: 1.35; white-space: nowrap; }
.cards .value { font-size: 1.6rem; font-weight: 600; line-height: 1.35; letter-spacing: -0.01em; white-space: nowrap; }
aside { margin: 1.5rem 0; padding: 0.6rem 1rem; background: var(--note); border-left: 4px solid var(--note-rule); }
aside h2 { margin: 0; padding: 0; border: 0; font-size: 1rem; }
aside ul { margin: 0.3rem 0; padding-left: 1.2rem; }
aside li { margin: 0.3rem 0; max-width: 50rem; }
dl {
  display: grid; grid-template-columns: repeat(2, 1fr); column-gap: 2.2rem; margin: 0;
  font-size: 0.82rem; line-height: 1.4;
}
dl div {
  display: grid; grid-template-columns: 7.6rem 1fr; column-gap: 0.8rem; padding: 0.28rem 0;
  border-bottom: 1px solid var(--rule);
}
dl div.long { grid-column: 1 / -1; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 0.8rem 0 0; }
figure svg { display: block; width: 100%; height: auto; overflow: visible; }
figure.grid { overflow-x: auto; }
figcaption { margin-top: 0.4rem; max-width: 46rem; color: var(--soft); font-size: 0.86rem; }
.pair { display: grid; grid-template-columns: repeat(2, 1fr); gap: 1.6rem; }
.scroll { margin-top: 0.8rem; overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 0.86rem; line-height: 1.35; }
caption { padding-bottom: 0.4rem; color: var(--soft); text-align: left; }
caption span { display: block; }
th, td { padding: 0.32rem 0.6rem; border-bottom: 1px solid var(--rule); text-align: right; vertical-align: top; }
th { font-weight: 600; }
thead th { color: var(--soft); font-size: 0.8rem; border-bottom: 1.5px solid var(--soft); vertical-align: bottom; }
tbody th { font-weight: 500; }
#headline tbody th, #stress tbody th, #sizing tbody th { white-space: nowrap; }
figure + dl { margin-top: 0.8rem; }
tbody th, .text { text-align: left; }
th:first-child, td:first-child { padding-left: 0; }
td { white-space: nowrap; }
td.text { min-width: 16rem; white-space: normal; color: var(--soft); }
table.dense { font-size: 0.78rem; }
table.dense th, table.dense td { padding: 0.16rem 0.38rem; }
table.dense th:first-child { padding-left: 0; }
"""
    + _SHADE_RULES
    + """\
footer {
  margin-top: 3rem; padding-top: 0.8rem; border-top: 1px solid var(--rule); color: var(--soft); font-size: 0.8rem;
}
@media (max-width: 640px) {
  body { padding: 1.4rem 1rem 2rem; }
  h1 { font-size: 1.6rem; }
  .cards { grid-template-columns: repeat(2, 1fr); }
  .pair, dl { grid-template-columns: 1fr; }
  dl div { grid-template-columns: 6.5rem 1fr; }
  /* The figures shrink to the screen; their words must not. */
  figure.wide svg text { font-size: 13px !important; }
  figure.half svg text { font-size: 10.5px !important; }
  figure.grid svg { min-width: 40rem; }
  figcaption, caption span { max-width: calc(100vw - 2rem); }
  td.text { min-width: 14rem; }
  #headline tbody th, #stress tbody th, #sizing tbody th { white-space: normal; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --ink: #000000; --soft: #3c4654; --rule: #c3cad4; --panel: #ffffff; --accent: #1f5f96;
    --note: #ffffff; --note-rule: #c8641b;
  }
  @page { size: A4; margin: 14mm 15mm 16mm; }
  html { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { max-width: none; padding: 0; font-size: 9pt; line-height: 1.4; }
  h1 { font-size: 20pt; }
  h2 { font-size: 13pt; break-after: avoid; }
  section { margin-top: 5mm; }
  section:not(#headline, #monthly, #assets, #contributions, #sizing) { break-inside: avoid; }
  .cards { grid-template-columns: repeat(6, 1fr); gap: 2mm; margin: 4mm 0; }
  .cards li { padding: 1.6mm 2mm; }
  .cards .value { font-size: 14pt; }
  .cards .name, .cards .beside, .cards .interval { font-size: 7pt; }
  aside { margin: 4mm 0; padding: 1mm 3mm; }
  aside li, p { max-width: none; }
  .scroll { overflow: visible; }
  figure, .cards, aside, tr, dl div { break-inside: avoid; }
  caption, thead { break-after: avoid; }
  table, dl, figcaption, footer { font-size: 7.5pt; }
  thead th { font-size: inherit; }
  table.dense { font-size: 7pt; }
  th, td { padding: 0.8mm 1.6mm; }
  table.dense th, table.dense td { padding: 0.55mm 1.3mm; }
  dl div { padding: 0.6mm 0; }
}
"""
)
