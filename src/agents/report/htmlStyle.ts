/** Colours that keep a contrast of 4.5 on their ground, in the light and in the dark. */
export const style = `:root { color-scheme: light dark; --ground: #ffffff; --text: #1f2328; --soft: #59636e; --line: #d1d9e0; --raised: #f6f8fa;
  --good: #116329; --bad: #b3261e; --warn: #7d4e00; --open: #59636e; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --text: #e6edf3; --soft: #9198a1; --line: #3d444d; --raised: #151b23;
  --good: #56d364; --bad: #ff8f87; --warn: #e3b341; --open: #9198a1; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
header { border-left: 0.375rem solid var(--tone); padding: 0.25rem 0 0.25rem 1rem; }
h1 { margin: 0.25rem 0; font-size: 1.75rem; overflow-wrap: anywhere; }
h2 { margin: 2rem 0 0.75rem; padding-bottom: 0.25rem; border-bottom: 1px solid var(--line); font-size: 1.25rem; }
h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
p { margin: 0.375rem 0; overflow-wrap: anywhere; }
article { margin: 0.75rem 0; padding: 0.75rem 1rem; border: 1px solid var(--line); border-left: 0.25rem solid var(--tone); border-radius: 0.375rem;
  background: var(--raised); }
.good { --tone: var(--good); } .bad { --tone: var(--bad); } .warn { --tone: var(--warn); } .open { --tone: var(--open); }
.badge { display: inline-block; margin: 0; padding: 0 0.5rem; border: 1px solid var(--tone); border-radius: 1rem; color: var(--tone);
  font-size: 0.8125rem; font-weight: 600; white-space: nowrap; }
.place { color: var(--soft); font-size: 0.875rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; margin: 0.75rem 0; }
table { min-width: 24rem; border-collapse: collapse; }
span.number { display: block; }
.row { display: block; min-width: 14rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: 0.375rem 0.75rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th.number { text-align: right; }
th { color: var(--soft); font-size: 0.875rem; white-space: nowrap; }
code { font: 0.875em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
ul { margin: 0.375rem 0; padding-left: 1.25rem; }
.rows { list-style: none; padding: 0; }
dl { margin: 0.5rem 0 0; } dt { font-weight: 600; } dd { margin: 0 0 0.5rem; color: var(--soft); overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--soft); font-size: 0.875rem; }
:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
footer { margin-top: 2rem; color: var(--soft); font-size: 0.875rem; }
@media print { details { display: block; } }`;
