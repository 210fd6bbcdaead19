/** Data guardrails: what was found first and in full, what passed in one line to be opened. */
import type { Guardrail } from '@malachite/core';
import { type Html, html, nothing } from './html.ts';

const order: readonly Guardrail['result'][] = ['alerted', 'done'];

export function guardrails(all: readonly Guardrail[]): Html {
  const found = order.flatMap((result) => all.filter((guardrail) => guardrail.result === result));
  const passed = all.filter(({ result }) => result === 'passed');
  return html`<section><h2>Data guardrails</h2>${found.map(finding)}${passed.length === 0 ? nothing : passes(passed)}</section>`;
}

function passes(passed: readonly Guardrail[]): Html {
  const lines = passed.map(({ friendlyType, description }) => html`<li><b>${friendlyType}</b>: ${description}</li>`);
  const names = `${passed.length} ${passed.length === 1 ? 'check' : 'checks'}: ${passed.map(({ friendlyType }) => friendlyType).join(', ')}`;
  return html`<details class="passes"><summary><span class="passed">PASSED</span> ${names}</summary><ul>${lines}</ul></details>`;
}

function finding({ friendlyType, result, description, parameters, parameterNames = {} }: Guardrail): Html {
  const names = Object.keys(parameters[0] ?? {});
  const details =
    names.length === 0
      ? nothing
      : html`<table><thead><tr>${names.map((name) => html`<th>${parameterNames[name] ?? name}</th>`)}</tr></thead>
<tbody>${parameters.map((row) => html`<tr>${names.map((name) => html`<td>${row[name] ?? ''}</td>`)}</tr>`)}</tbody></table>`;
  return html`<article><h3><span class="${result}">${result.toUpperCase()}</span> ${friendlyType}</h3><p>${description}</p>${details}</article>`;
}
