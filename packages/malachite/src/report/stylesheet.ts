/** The look of the report; light and dark as the reader's system asks. */
export const stylesheet = `
:root { color-scheme: light dark; --ink: light-dark(#1c2421, #e6ece9); --quiet: light-dark(#56635e, #9fada7); --paper: light-dark(#fff, #141917); --line: light-dark(#dfe6e3, #2b3531); --green: light-dark(#0b7a5b, #3fbf96); --s1: light-dark(#b4690e, #e8a04c); --s2: light-dark(#3867b5, #7ba7f0); --s3: light-dark(#a33b6f, #e487b4); --s4: light-dark(#6a4fb3, #b09cf2); --s5: light-dark(#5b6863, #aebbb5); }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 66rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { margin: 0; font-size: 1.8rem; } h2 { margin: 2.5rem 0 .75rem; font-size: 1.2rem; } h3 { margin: 1.25rem 0 .25rem; font-size: 1rem; }
p { margin: .25rem 0; color: var(--quiet); } header p { max-width: 50rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.5rem; margin: 1rem 0; } dt { color: var(--quiet); } dd { margin: 0; font-weight: 600; }
section { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; } th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; } thead th { color: var(--quiet); font-weight: 500; vertical-align: bottom; }
.leaderboard { margin-top: .75rem; } .leaderboard tr:first-child td { border-bottom: 0; padding-bottom: 0; } .leaderboard td:nth-child(3) { white-space: nowrap; } .leaderboard td:nth-child(4) { white-space: nowrap; } .leaderboard tr:first-child td:nth-child(2) { font-weight: 600; } .leaderboard tr + tr td { padding-top: 0; } .leaderboard tr:first-child td:nth-child(n+5), .leaderboard th:nth-child(n+5) { text-align: right; } .leaderboard td.failed { text-align: left !important; white-space: normal; color: var(--s1); }
.leaderboard summary { color: var(--quiet); font-size: .88rem; } .note { padding: 0 .4rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .8rem; white-space: nowrap; }
.small { font-size: .85rem; color: var(--quiet); overflow-wrap: anywhere; }
.columns { columns: 3 17rem; column-gap: 2rem; font-size: .92rem; } .pair { display: flex; justify-content: space-between; gap: 1rem; border-bottom: 1px solid var(--line); break-inside: avoid; }
.bars td:nth-child(2) { width: 60%; } .bars td:nth-child(3) { white-space: nowrap; text-align: right; } .bars th { font-weight: 500; } div.bar { height: 1rem; background: var(--green); border-radius: 2px; }
.matrix { width: auto; } .matrix td { min-width: 3rem; text-align: right; background: color-mix(in srgb, var(--green) calc(var(--share) * 60%), transparent); }
.passed, .done, .alerted { padding: .1rem .5rem; border-radius: 1rem; font-size: .75rem; font-weight: 600; color: #fff; background: #0b7a5b; } .alerted { background: #a65e08; } .done { background: #3867b5; } .passes { margin-top: 1.25rem; } .passes li { color: var(--quiet); }
svg { display: block; width: 100%; height: auto; } svg line { stroke: var(--line); } svg text { fill: var(--quiet); font-size: 11px; font-variant-numeric: tabular-nums; }
svg circle { fill: var(--green); opacity: .8; } svg circle.behind { opacity: .35; } svg circle.off { fill: none; stroke: var(--quiet); opacity: .6; } svg .error { stroke: var(--green); opacity: .45; } svg .best { fill: none; stroke: var(--green); stroke-width: 1.5; } svg .aid { fill: none; stroke: var(--quiet); stroke-dasharray: 4 4; opacity: .7; } svg .bar { fill: var(--green); opacity: .7; }
.charts circle[class^=s] { fill: var(--series); } svg .curve { fill: none; stroke: var(--series); stroke-width: 1.6; stroke-linejoin: round; } .series { display: inline-block; width: .9rem; height: .2rem; margin: 0 .35rem .25rem .5rem; background: var(--series); }
.s0 { --series: var(--green); } .s1 { --series: var(--s1); } .s2 { --series: var(--s2); } .s3 { --series: var(--s3); } .s4 { --series: var(--s4); } .s5 { --series: var(--s5); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1.25rem 2rem; margin-top: .75rem; } .charts.two { grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); }
.legend { list-style: none; padding: 0; color: var(--quiet); } .legend .series { margin-left: 0; }
pre { padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 4px; overflow-x: auto; font-size: .85rem; }
figure { margin: 0 0 1.25rem; } .charts figure { margin: 0; max-width: 30rem; } figcaption { color: var(--quiet); font-size: .85rem; } summary { cursor: pointer; } ul { margin: 0; padding-left: 1.2rem; }
@media (max-width: 44rem) { dl { display: block; } dd { margin-bottom: .4rem; } section > figure svg { width: 44rem; } .leaderboard details { position: sticky; left: .6rem; width: calc(100vw - 8rem); } }
footer { margin-top: 3rem; font-size: .85rem; color: var(--quiet); }
`;
