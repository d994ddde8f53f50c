/** The one style sheet of all pages: quiet, light and dark. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --soft: #59636e; --line: #d1d9e0; --page: #ffffff; --box: #f6f8fa;
  --link: #0969da; --good: #1a7f37; --bad: #d1242f; --wait: #9a6700; --done: #8250df; --own: #ddf4ff; --code: #818b981f; }
@media (prefers-color-scheme: dark) { :root { --text: #f0f6fc; --soft: #9198a1; --line: #3d444d; --page: #0d1117;
  --box: #151b23; --link: #4493f8; --good: #3fb950; --bad: #f85149; --wait: #d29922; --done: #ab7df8; --own: #121d2f; --code: #656c7633; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
header.bar { background: var(--box); border-bottom: 1px solid var(--line); padding: 12px 24px; color: var(--soft); }
header.bar b { color: var(--text); } header.bar .local { float: right; font-size: 12px; border: 1px solid var(--line); border-radius: 2em; padding: 0 8px; }
main { max-width: 1000px; margin: 24px auto; padding: 0 24px; }
h1.title { font-size: 28px; font-weight: 400; margin: 0 0 8px; overflow-wrap: anywhere; } h1.title .number { color: var(--soft); }
.state { display: inline-block; border-radius: 2em; padding: 4px 12px; color: #fff; font-weight: 500; margin-right: 8px; }
.state.open { background: #1f883d; } .state.closed { background: #cf222e; } .state.merged { background: #8250df; } .state.draft { background: #59636e; }
.meta { color: var(--soft); padding-bottom: 16px; border-bottom: 1px solid var(--line); margin-bottom: 24px; }
.ref { font: 12px ui-monospace, SFMono-Regular, Menlo, monospace; background: var(--own); color: var(--link); border-radius: 6px; padding: 2px 6px; }
.label { display: inline-block; font-size: 12px; font-weight: 500; border: 1px solid var(--line); border-radius: 2em; padding: 0 8px; margin-left: 4px; }
.entry { display: grid; grid-template-columns: 40px 1fr; gap: 16px; margin-bottom: 20px; }
.avatar { width: 40px; height: 40px; border-radius: 50%; background: var(--box); border: 1px solid var(--line); display: grid; place-items: center; font-weight: 600; color: var(--soft); text-transform: uppercase; }
.avatar.bot { border-radius: 8px; }
.card { border: 1px solid var(--line); border-radius: 6px; min-width: 0; }
.card > .head { background: var(--box); border-bottom: 1px solid var(--line); border-radius: 6px 6px 0 0; padding: 8px 16px; color: var(--soft); }
.card > .head b { color: var(--text); } .tag { font-size: 12px; border: 1px solid var(--line); border-radius: 2em; padding: 0 7px; margin-left: 4px; }
.body { padding: 16px; overflow-x: auto; overflow-wrap: break-word; } .body > :first-child { margin-top: 0; } .body > :last-child { margin-bottom: 0; }
.body.empty { color: var(--soft); font-style: italic; }
.event { color: var(--soft); margin: 0 0 20px 56px; } .event b { color: var(--text); }
.reactions { padding: 0 16px 12px; } .reactions span { border: 1px solid var(--line); border-radius: 2em; padding: 1px 8px; margin-right: 4px; font-size: 12px; }
.check { display: flex; gap: 8px; align-items: baseline; padding: 8px 16px; border-top: 1px solid var(--line); flex-wrap: wrap; } .check .what { color: var(--soft); overflow-wrap: anywhere; } .check .more { margin-left: auto; }
.required { font-size: 12px; border: 1px solid var(--line); border-radius: 2em; padding: 0 8px; }
.good { color: var(--good); } .bad { color: var(--bad); } .wait { color: var(--wait); } .soft { color: var(--soft); } .done { color: var(--done); }
.merge > .head { font-weight: 600; color: var(--text) !important; } .output { border-top: 1px solid var(--line); } .output > summary { padding: 8px 16px; cursor: pointer; color: var(--soft); }
.deployment { margin-bottom: 16px; } .deployment code { font: 12px ui-monospace, SFMono-Regular, Menlo, monospace; } h2.environment { font-size: 20px; font-weight: 600; margin: 24px 0 12px; } h2.environment .soft { font-size: 14px; font-weight: 400; }
.annotation { border-left: 3px solid var(--line); margin: 8px 16px; padding: 2px 12px; overflow-wrap: anywhere; } .annotation.failure { border-color: var(--bad); } .annotation.warning { border-color: var(--wait); }
.annotation code, .body code { font: 12px ui-monospace, SFMono-Regular, Menlo, monospace; background: var(--code); border-radius: 6px; padding: .2em .4em; }
.body pre { background: var(--box); border-radius: 6px; padding: 16px; overflow-x: auto; } .body pre code { background: none; padding: 0; }
.body table { border-collapse: collapse; display: block; width: max-content; max-width: 100%; overflow-x: auto; margin: 0 0 16px; } .body th, .body td { border: 1px solid var(--line); padding: 6px 13px; } .body tr:nth-child(even) td { background: var(--box); }
.body blockquote { margin: 0 0 16px; padding: 0 1em; color: var(--soft); border-left: .25em solid var(--line); } .body h1, .body h2 { border-bottom: 1px solid var(--line); padding-bottom: .3em; }
.body img { max-width: 100%; } .body details { margin-bottom: 16px; } .body summary { cursor: pointer; } .body hr { border: 0; border-top: 4px solid var(--line); } .body kbd { border: 1px solid var(--line); border-radius: 6px; padding: 2px 5px; font-size: 11px; } .body ul:has(> li > input) { list-style: none; padding-left: 1em; }
.mention { font-weight: 600; color: var(--text); } .body figure { margin: 0 0 16px; border: 1px solid var(--line); border-radius: 6px; } .body figure pre { margin: 0; border-radius: 6px 6px 0 0; } .mermaid-caption { padding: 6px 16px; color: var(--soft); font-size: 12px; border-top: 1px solid var(--line); }
.alert { border-left: .25em solid var(--link); padding: 8px 16px; margin-bottom: 16px; } .alert > :last-child { margin-bottom: 0; } .alert-title { font-weight: 600; margin: 0 0 8px; color: var(--link); }
.alert-tip { border-color: var(--good); } .alert-tip .alert-title { color: var(--good); } .alert-important { border-color: var(--done); } .alert-important .alert-title { color: var(--done); }
.alert-warning { border-color: var(--wait); } .alert-warning .alert-title { color: var(--wait); } .alert-caution { border-color: var(--bad); } .alert-caution .alert-title { color: var(--bad); }
`;
