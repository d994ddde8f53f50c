/*
 * How the page looks. Colours are told apart by people who see red and green alike (blue and orange
 * carry the comparison, after Okabe and Ito), and never carry a meaning alone.
 */

const LIGHT = `--paper:#fff;--wash:#f5f6f8;--ink:#1a1f26;--quiet:#58626e;--line:#e2e5ea;--blue:#1a5fb4;--on-blue:#fff;--orange:#b3560b;
--pass:#0a7a5c;--fail:#b3311a;--warn:#8a6000;--unsure:#5b4bb3;--none:#58626e`;
const DARK = `--paper:#16191e;--wash:#0f1115;--ink:#e7eaee;--quiet:#9ba5b1;--line:#2b313a;--blue:#7fb2f5;--on-blue:#0d1b2e;--orange:#f0a45f;
--pass:#4fc79d;--fail:#ff8f73;--warn:#e2b84c;--unsure:#b5a9ff;--none:#9ba5b1`;

/** The page's one style sheet, for light and dark, screen and paper. */
export const STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--wash);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
body>*{max-width:1160px;margin-left:auto;margin-right:auto}
body{padding:20px}
main{outline:0}
nav{margin-bottom:16px}
nav ul{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:14px}
a{color:var(--blue)}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--blue);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:20px;top:-60px;background:var(--paper);padding:8px 14px;border:2px solid var(--blue);border-radius:8px;z-index:1}
.skip:focus{top:12px}
details{margin-top:10px}
details>:not(summary){margin-top:10px}
summary{cursor:pointer;color:var(--quiet);font-size:13.5px;padding:3px 0}
summary:hover{color:var(--ink)}
.report{margin-top:28px}
h1,h2,h3,p{margin:0}
h2{font-size:15px;font-weight:650;letter-spacing:.005em;margin-bottom:10px}
h2 small,h3 small,th small{font-weight:400;color:var(--quiet);font-size:13px}
h3{font-size:14px;font-weight:600;margin:14px 0 6px}
h3:first-of-type{margin-top:0}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;unicode-bidi:isolate;overflow-wrap:anywhere}
.quiet{color:var(--quiet)}
.note{color:var(--quiet);font-size:13px;margin-top:8px;overflow-wrap:anywhere}
.card{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:16px 18px;min-width:0}
.verdict{--tone:var(--none);background:color-mix(in srgb,var(--tone) 9%,var(--paper));border:1px solid color-mix(in srgb,var(--tone) 35%,var(--line));border-left:6px solid var(--tone);border-radius:12px;padding:18px 22px;margin-bottom:16px}
.verdict h1,.verdict h2{font-size:25px;line-height:1.25;font-weight:700;display:flex;gap:12px;align-items:center;flex-wrap:wrap}
.verdict .word{color:var(--tone)}
.verdict .model{font-weight:450;color:var(--quiet);overflow-wrap:anywhere}
.verdict .sentence{font-size:18px;line-height:1.45;margin-top:8px;overflow-wrap:anywhere;text-wrap:pretty}
.facts{display:flex;flex-wrap:wrap;gap:4px 20px;margin-top:10px;color:var(--quiet);font-size:13.5px}
.pass{--tone:var(--pass)}.fail{--tone:var(--fail)}.warn{--tone:var(--warn)}.inconclusive{--tone:var(--unsure)}.none{--tone:var(--none)}
.mark{display:inline-grid;place-items:center;flex:none;width:1.45em;height:1.45em;border-radius:50%;background:var(--tone);color:var(--paper);font-size:.85em;font-weight:700;line-height:1}
.tag{display:inline-flex;gap:7px;align-items:center;color:var(--tone);font-weight:600}
.tag .mark{font-size:.72em}
.decide{display:grid;grid-template-columns:minmax(0,1.5fr) minmax(0,1fr);gap:16px;align-items:start}
.stack{display:grid;gap:16px;min-width:0}
.wide+.wide{margin-top:16px}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:16px}
.scroll{overflow-x:auto;margin:0 -18px;padding:0 18px}
table{border-collapse:collapse;width:100%;font-size:14px}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{padding:7px 12px 7px 0;text-align:left;vertical-align:middle;border-top:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
thead th{border-top:0;color:var(--quiet);font-weight:500;font-size:12.5px;padding-top:0;white-space:nowrap;vertical-align:bottom}
tbody th{font-weight:500;overflow-wrap:anywhere}
.num{text-align:right;white-space:nowrap}
.num .why{white-space:normal;min-width:9em;max-width:19em;display:inline-block}
.sub{display:block;color:var(--quiet);font-size:12.5px;font-weight:400;line-height:1.4}
td.text{overflow-wrap:anywhere}
tbody .text{min-width:7.5em}
.scroll+.scroll{margin-top:14px}
.better{color:var(--pass)}.worse{color:var(--fail)}
svg{display:block;max-width:100%;height:auto;overflow:visible}
td svg,.scroll>svg{max-width:none}
svg text{font-family:inherit;fill:var(--ink);font-size:12px}
svg .tick,svg .small{font-size:11px;fill:var(--quiet)}
svg .axis{font-size:12px;fill:var(--quiet)}
svg .big{font-size:17px;font-weight:600}
svg .on{fill:var(--on-blue)}svg .off{fill:var(--ink)}
.grid{stroke:var(--line)}
.line{fill:none;stroke-width:2;stroke-linejoin:round}
.line.candidate{stroke:var(--blue)}
.line.baseline{stroke:var(--orange);stroke-dasharray:7 4}
.line.reference{stroke:var(--quiet);stroke-width:1.25;stroke-dasharray:1.5 4;stroke-linecap:round}
.dot.candidate{fill:var(--blue);stroke:var(--paper);stroke-width:1.5}
.dot.baseline{fill:var(--paper);stroke:var(--orange);stroke-width:2}
.whisker{stroke:var(--blue);stroke-width:2.5;stroke-linecap:round;opacity:.6}
.limit{stroke:var(--ink);stroke-width:1.75}
.passing{fill:var(--pass);opacity:.13}
.speck{fill:var(--blue);opacity:.45}
.count{fill:var(--quiet);opacity:.22}
.cell{fill:var(--blue)}
.cell.right{stroke:var(--blue);stroke-width:1.5}
.key{display:flex;flex-wrap:wrap;gap:3px 16px;align-items:center}
.key span{display:inline-flex;gap:6px;align-items:center}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:6px 18px;margin:0;font-size:14px}
dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
ul{margin:0;padding:0;list-style:none;display:grid;gap:8px}
li{overflow-wrap:anywhere}
pre{margin:10px 0 0;padding:12px 14px;background:var(--wash);border-radius:8px;overflow-x:auto;font-size:13px}
footer{color:var(--quiet);font-size:13px;margin-top:20px}
@media (max-width:1160px){.decide{grid-template-columns:minmax(0,1fr)}}
@media (max-width:560px){body{padding:12px}nav ul{gap:6px 14px}.verdict{padding:14px 16px}.verdict h1,.verdict h2{font-size:21px}.verdict .sentence{font-size:16px}.card{padding:14px}.scroll{margin:0 -14px;padding:0 14px}.hide{display:none}tbody .text{min-width:7em}table{font-size:13.5px}th,td{padding-right:9px}dl{grid-template-columns:minmax(0,1fr);gap:0}dd{margin-bottom:8px}}
@media print{:root{${LIGHT}}body{background:none;font-size:11px}body{padding:0}body>*{max-width:none}nav,.skip{display:none}details::details-content{content-visibility:visible}.plots details{display:none}.card,.verdict,tr,svg{break-inside:avoid}.card{border-color:#ccc}.scroll{overflow:visible}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`.replaceAll("\n", "");
