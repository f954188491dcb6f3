"""The style sheet of the class report, for light and dark screens, narrow ones and paper."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --text: #1b1b1b; --quiet: #555; --page: #fff; --rule: #767676;
  --line: #d5d5d5; --bar: #2f6690; --link: #0b4f8a; --right: #d3efd9; --partly: #fdf0c4;
  --wrong: #fbd9d3; --none: #e9e9e9; --mark: #fde79a; }
@media (prefers-color-scheme: dark) {
  :root { --text: #ececec; --quiet: #b8b8b8; --page: #16181a; --rule: #9a9a9a; --line: #3c4044;
    --bar: #7fb5dd; --link: #8ec5f0; --right: #173d22; --partly: #463a0c; --wrong: #54201a;
    --none: #2b2e31; --mark: #5c4a07; }
}
* { box-sizing: border-box; }
body { font: 0.95rem/1.45 system-ui, sans-serif; color: var(--text); background: var(--page);
  max-width: 100rem; margin: 0 auto; padding: 0.5rem 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0.4rem 0; }
h2 { font-size: 1.15rem; margin: 1.4rem 0 0.3rem; }
h3 { font-size: 1rem; margin: 0.8rem 0 0.2rem; }
p { margin: 0.3rem 0; max-width: 50rem; }
a { color: var(--link); }
nav ul { display: flex; flex-wrap: wrap; gap: 0 1.2rem; list-style: none; padding: 0; margin: 0.3rem 0; }
ul.ideas { padding-left: 1.2rem; margin: 0.3rem 0; max-width: 75rem; }
ul.ideas > li { margin: 0.3rem 0; }
.quiet { color: var(--quiet); }
.wide { overflow: auto; max-width: 100%; }
table { border-collapse: separate; border-spacing: 0; font-size: 0.875rem; line-height: 1.3;
  overflow-wrap: normal; }
caption { text-align: left; font-weight: 600; padding: 0.3rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.6rem 0.2rem 0.3rem;
  border-bottom: 1px solid var(--line); }
td, tbody th { overflow-wrap: break-word; max-width: 36rem; }
tbody th { font-weight: 500; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.class { max-height: 92vh; border: 1px solid var(--line); }
.class th, .class td { border-right: 1px solid var(--line); padding: 0.15rem 0.3rem; }
.class td { min-width: 6rem; max-width: 12rem; overflow-wrap: break-word; }
.class thead { position: sticky; top: 0; z-index: 2; }
.class thead th { background: var(--page); font-weight: 500; }
.class tr > .name { position: sticky; left: 0; background: var(--page); z-index: 1;
  width: 9rem; min-width: 6rem; max-width: 12rem; }
.class td.number { min-width: 3rem; }
.class small { display: block; }
.right { background: var(--right); }
.partly { background: var(--partly); }
.wrong { background: var(--wrong); }
.none { background: var(--none); }
details { margin: 0.4rem 0; }
summary { cursor: pointer; }
.pictures { display: grid; gap: 0.5rem 1.5rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); }
figure { margin: 0; }
figcaption { font-weight: 600; font-size: 0.875rem; }
svg { width: 100%; max-width: 22rem; height: auto; font-size: 11px; display: block; }
svg text { fill: var(--text); }
svg .bar { fill: var(--bar); }
svg .axis { stroke: var(--rule); }
.pair { display: grid; gap: 0.5rem 1rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
.pair > div { min-width: 0; }
pre { overflow: auto; max-height: 30rem; margin: 0.2rem 0; padding: 0.4rem; border: 1px solid var(--line);
  font: 0.8rem/1.35 ui-monospace, monospace; }
mark { background: var(--mark); color: inherit; }
@media (max-width: 40rem) { .wide:not(.class) td:not(.number) { min-width: 11rem; }
  .class tr > .name { max-width: 7rem; overflow-wrap: anywhere; } }
@media print { .class, pre { max-height: none; } section { break-inside: avoid-page; } }
"""
