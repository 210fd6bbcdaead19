/** The look of the report; light and dark as the reader's system asks. */
export const stylesheet = `
:root { color-scheme: light dark; --ink: light-dark(#1c2421, #e6ece9); --quiet: light-dark(#5b6863, #9aa8a2); --paper: light-dark(#fff, #141917); --line: light-dark(#dde5e1, #2b3531); --green: light-dark(#0b7a5b, #3fbf96); }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 62rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { margin: 0; font-size: 1.8rem; } h2 { margin: 2.5rem 0 .75rem; font-size: 1.2rem; } h3 { margin: 1.25rem 0 .25rem; font-size: 1rem; }
p { margin: .25rem 0; color: var(--quiet); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.5rem; margin: 1rem 0; } dt { color: var(--quiet); } dd { margin: 0; font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; } th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; } thead th { color: var(--quiet); font-weight: 500; }
.small { font-size: .8rem; color: var(--quiet); max-width: 24rem; overflow-wrap: anywhere; }
.columns { columns: 3 15rem; column-gap: 2rem; } .pair { display: flex; justify-content: space-between; gap: 1rem; border-bottom: 1px solid var(--line); break-inside: avoid; }
.bars td:nth-child(2) { width: 60%; } .bar { height: 1rem; background: var(--green); border-radius: 2px; }
.matrix { width: auto; } .matrix td { min-width: 5rem; text-align: right; background: color-mix(in srgb, var(--green) calc(var(--share) * 60%), transparent); }
.passed, .done, .alerted { padding: .1rem .5rem; border-radius: 1rem; font-size: .75rem; color: #fff; background: var(--green); } .alerted { background: #b4690e; } .done { background: #3867b5; }
svg { width: 100%; height: auto; } svg circle { fill: var(--green); opacity: .75; } svg line { stroke: var(--line); } svg .error { stroke: var(--green); opacity: .45; } svg .best { fill: none; stroke: var(--green); stroke-width: 1.5; } svg circle.behind { opacity: .3; } svg text { fill: var(--quiet); font-size: 11px; }
figure { margin: 0 0 1.5rem; } figcaption { color: var(--quiet); font-size: .85rem; } summary { cursor: pointer; } details .columns { columns: 2 12rem; font-size: .85rem; } ul { margin: 0; padding-left: 1.2rem; }
footer { margin-top: 3rem; font-size: .85rem; color: var(--quiet); }
`;
