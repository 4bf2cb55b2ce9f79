import { counted } from '../counted.ts';
import type { DifferentRow } from '../validation/changes.ts';
import { causeWords } from '../validation/causeWords.ts';
import type { Finding } from '../verdict.ts';
import { style } from './htmlStyle.ts';
import { phaseTitles, placeWords } from './labels.ts';
import type { ReportedCheck, ReportedComparison, ReportValue } from './value.ts';
import { visible } from './visible.ts';

/** One page without a script or anything from elsewhere; its policy forbids both. */
export function htmlReport(value: ReportValue): string {
  const { table, headline, outcome, reason, comparison, masked } = value;
  const body = [
    `<header class="${outcomeClasses[outcome]}">`,
    `<p class="badge">${outcome}</p>`,
    `<h1>${html(table)}</h1>`,
    `<p>${html(headline)}</p>`,
    ...(reason !== undefined && !comparison ? [`<p>${html(reason)}</p>`] : []),
    '</header>',
    ...section('Findings', value.findings.map(findingPart)),
    ...section('Questions', value.questions.map(questionPart)),
    ...section('Comparison', comparison ? comparisonPart(comparison) : []),
    ...section('Rules', checksPart('Rules', value.rules)),
    ...section('Tests of the prompt', checksPart('Tests of the prompt', value.intent)),
    ...section('Rounds', roundsPart(value)),
    ...section('Proof', proofPart(value)),
    ...section('Phases', phasesPart(value)),
    ...(masked.length > 0 ? [`<footer>Personal data is masked (${html(masked.join(', '))}).</footer>`] : []),
  ];
  return page(`${table}: ${outcome}`, body);
}

const roundsPart = ({ rounds }: ReportValue): readonly string[] =>
  rounds.length === 0 ? [] : [`<ol>${rounds.map((round) => `<li>${html(round)}</li>`).join('')}</ol>`];

const outcomeClasses = {
  passed: 'good',
  'passed with warnings': 'warn',
  failed: 'bad',
  'not compared': 'open',
} as const satisfies Record<ReportValue['outcome'], string>;

const page = (title: string, body: readonly string[]): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${html(title)}</title>
<style>
${style}
</style>
</head>
<body>
<main>
${body.join('\n')}
</main>
</body>
</html>
`;

function section(title: string, inside: readonly string[]): readonly string[] {
  if (inside.length === 0) return [];
  const id = title.toLowerCase().replaceAll(' ', '-');
  return [`<section aria-labelledby="${id}">`, `<h2 id="${id}">${title}</h2>`, ...inside, '</section>'];
}

const severityClasses = { error: 'bad', warning: 'warn', information: 'open' } as const;

function findingPart({ severity, message, place, cause, evidence, examples }: Finding): string {
  const where = placeWords(place);
  return [
    `<article class="${severityClasses[severity]}">`,
    `<h3><span class="badge">${severity}</span> ${html(message)}</h3>`,
    ...(where === '' ? [] : [`<p class="place">${html(where)}</p>`]),
    ...(cause ? [`<p>Cause: ${causeWords[cause]}.</p>`] : []),
    ...(evidence.length > 0 ? [`<ul>${evidence.map((each) => `<li>${html(each)}</li>`).join('')}</ul>`] : []),
    ...rowsPart(examples),
    '</article>',
  ].join('\n');
}

function rowsPart(rows: readonly string[]): readonly string[] {
  if (rows.length === 0) return [];
  const items = rows.map((row) => `<li><code class="row">${html(row)}</code></li>`).join('\n');
  return [
    `<details><summary>${counted(rows.length, 'example')}</summary>`,
    `<ul class="rows">${items}</ul>`,
    '</details>',
  ];
}

function questionPart({ id, text, choices }: ReportValue['questions'][number]): string {
  const offered = choices.map(
    (choice) =>
      `<dt>${html(choice.label)} <code>${html(`${id}=${choice.id}`)}</code></dt><dd>${html(choice.detail ?? '')}</dd>`,
  );
  return `<article class="warn"><h3>${html(text)}</h3><dl>${offered.join('\n')}</dl></article>`;
}

function comparisonPart(comparison: ReportedComparison): readonly string[] {
  const { expectedRows, actualRows, missing, unexpected, changed, keys, byColumn, rows } = comparison;
  const counts: readonly (readonly [string, number])[] = [
    ["PostgreSQL's own answer", expectedRows],
    ['Target', actualRows],
    ['Missing in the target', missing],
    ['Unexpected in the target', unexpected],
    ...(keys.length > 0 ? [['Changed', changed] as const] : []),
  ];
  const columns = Object.entries(byColumn).map(([name, n]) => `<code>${html(name)}</code> in ${counted(n, 'row')}`);
  return [
    tablePart(
      'Rows',
      ['', 'Rows'],
      counts.map(([name, n]) => [html(name), `<span class="number">${n}</span>`]),
    ),
    `<p>${exactness(comparison)}</p>`,
    ...(keys.length > 0 ? [`<p>Rows are told apart by ${codes(keys)}.</p>`] : []),
    ...(columns.length > 0 ? [`<p>What differs: ${columns.join(', ')}.</p>`] : []),
    ...(rows.length > 0 ? [differentRows(rows)] : []),
  ];
}

const codes = (names: readonly string[]): string => names.map((name) => `<code>${html(name)}</code>`).join(', ');

const exactness = ({ tolerant, tolerance }: ReportedComparison): string =>
  tolerant.length === 0
    ? 'Every column was compared exactly.'
    : `Floating point (${codes(tolerant)}) was compared to a relative ${tolerance}; every other column exactly.`;

const differentRows = (rows: readonly DifferentRow[]): string =>
  tablePart(
    'Rows that differ',
    ['', 'Expected', 'Found'],
    rows.map((row) => [
      row.kind === 'changed' ? `changed in ${codes(row.cells)}` : row.kind,
      row.kind === 'unexpected' ? '' : `<code class="row">${html(row.expected)}</code>`,
      row.kind === 'missing' ? '' : `<code class="row">${html(row.actual)}</code>`,
    ]),
  );

const checkClasses = { passed: 'good', failed: 'bad', warning: 'warn', 'not run': 'open' } as const;

function checksPart(title: string, checks: readonly ReportedCheck[]): readonly string[] {
  if (checks.length === 0) return [];
  const rows = checks.map(({ title: name, outcome, origin, rows: broken, detail, examples }) => [
    `<span class="badge ${checkClasses[outcome]}">${outcome}</span>`,
    [html(name), ...(detail === undefined ? [] : [`<p>${html(detail)}</p>`]), ...rowsPart(examples)].join('\n'),
    `<span class="number">${broken ?? ''}</span>`,
    html(origin),
  ]);
  return [tablePart(title, ['Outcome', 'What was tested', 'Rows', 'Said by'], rows)];
}

function proofPart({ proof }: ReportValue): readonly string[] {
  if (!proof) return [];
  const { snapshot, rows, ms, sample, notProven } = proof;
  const looked = sample ? `${rows} of ${counted(sample.of, 'row')} (${html(sample.range)})` : counted(rows, 'row');
  return [
    `<p>${looked} compared in ${ms} ms, all at one moment of the database (snapshot <code>${html(snapshot)}</code>).</p>`,
    ...(notProven.length > 0
      ? ['<h3>Not proven</h3>', `<ul>${notProven.map((each) => `<li>${html(each)}</li>`).join('')}</ul>`]
      : []),
  ];
}

const phaseClasses = { passed: 'good', failed: 'bad', warned: 'warn', notRun: 'open' } as const;

function phasesPart({ phases }: ReportValue): readonly string[] {
  if (phases.length === 0) return [];
  const rows = phases.map(({ phase, outcome, summary, ms }) => [
    phaseTitles[phase],
    `<span class="badge ${phaseClasses[outcome]}">${outcome === 'notRun' ? 'not run' : outcome}</span>`,
    html(summary),
    `<span class="number">${ms}</span>`,
  ]);
  return [tablePart('Phases', ['Phase', 'Outcome', 'What was done', 'ms'], rows)];
}

/** Wide ones scroll by themselves, by keyboard too. */
function tablePart(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map(headCell).join('');
  const lines = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`);
  return [
    `<div class="scroll" tabindex="0" role="region" aria-label="${html(caption)}">`,
    `<table><caption>${html(caption)}</caption><thead><tr>${head}</tr></thead><tbody>`,
    ...lines,
    '</tbody></table></div>',
  ].join('\n');
}

const headCell = (head: string): string => {
  if (head === '') return '<td></td>';
  return `<th scope="col"${head === 'Rows' || head === 'ms' ? ' class="number"' : ''}>${head}</th>`;
};

const html = (text: string): string => visible(text).replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
