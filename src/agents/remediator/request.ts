/** What a model is told of a fault: the finding, the smallest example, the spec; never the whole world. */
import type { Answer } from '../planner.ts';
import type { Fault, RemedyRequest, Round } from '../ports.ts';
import { quoted } from '../quoted.ts';
import { renderTable } from '../schemaSlice/render.ts';
import { ruleTitle } from '../validation/rules.ts';
import type { Verdict } from '../verdict.ts';
import { readSpec } from '../../spec/read.ts';
import { parseTableName } from '../../spec/tableName.ts';
import { withoutValues } from './dataFault.ts';

export interface Consent {
  /** Rows may be sent, masked; otherwise names and numbers are all that is. */
  readonly rows: boolean;
}

export function remedyText(request: RemedyRequest, consent: Consent): string {
  const { answers = [], specText, fault, rounds } = request;
  const prompt = request.prompt ?? readSpec(specText).spec?.prompt;
  return [
    ...optional('request', prompt ?? ''),
    ...optional('answers', answers.map(answerText).join('\n')),
    block('spec', specText.trim()),
    ...optional('tables', tablesOf(request)),
    block('fault', faultLines(fault, consent).join('\n')),
    block('example', exampleOf(fault, consent)),
    ...optional('tried', rounds.map(roundText).join('\n')),
    'Where does the fault lie, and what mends it?',
  ].join('\n\n');
}

/** Texts of people and of the database may stand in all of these: none of them ends its block. */
const block = (name: string, text: string): string => `<${name}>\n${text.replaceAll('</', '<\\/')}\n</${name}>`;
const optional = (name: string, text: string): readonly string[] => (text === '' ? [] : [block(name, text)]);

const answerText = ({ question, answer, asked, label }: Answer): string =>
  `${asked === undefined ? question : quoted(asked, 400)}: ${quoted(label ?? answer, 400)}`;

function tablesOf({ specText, catalogue }: RemedyRequest): string {
  const { spec } = readSpec(specText);
  const names = new Set((spec?.sources ?? []).map(({ table }) => table));
  const tables = [...names].flatMap((table) => {
    const name = parseTableName(table);
    return (name && catalogue.find(name)) ?? [];
  });
  return tables.map((table) => renderTable(table, 'full', () => true)).join('\n');
}

function faultLines(fault: Fault, { rows }: Consent): readonly string[] {
  const told = (text: string, longest = 600): string => quoted(rows ? text : withoutValues(text), longest);
  if (fault.kind === 'failed') {
    const { result, step, schema } = fault.outcome;
    return [
      `The job failed${step === undefined ? '' : ` in step ${step}`}.`,
      ...(result.kind === 'failed' ? [`message: ${told(result.message, 2000)}`] : []),
      ...(schema === undefined ? [] : [`columns of the step that came last: ${quoted(schema, 1000)}`]),
    ];
  }
  const { verdict, divergence } = fault;
  return [
    ...(divergence?.kind === 'step' ? [divergenceText(divergence)] : []),
    ...comparisonLines(verdict),
    ...(verdict.kind === 'failed' && verdict.reason !== undefined ? [`reason: ${told(verdict.reason)}`] : []),
    ...(verdict.rules ?? []).flatMap((rule) =>
      rule.kind === 'failed' ? [`rule broken by ${rule.rows} rows: ${quoted(ruleTitle(rule.rule))}`] : [],
    ),
    ...(verdict.findings ?? [])
      .slice(0, mostFindings)
      .map(({ severity, code, message, evidence }) => `${severity} ${code}: ${told([message, ...evidence].join(' '))}`),
  ];
}

const mostFindings = 5;

const divergenceText = ({
  step,
  expectedRows,
  actualRows,
}: {
  readonly step: string;
  readonly expectedRows: string;
  readonly actualRows: string;
}): string => `The first step that differs is ${step}: ${expectedRows} rows are right, it has ${actualRows}.`;

function comparisonLines(verdict: Verdict): readonly string[] {
  if (verdict.kind !== 'failed' || !verdict.comparison) return [];
  const { expectedRows, actualRows } = verdict.comparison;
  const { missing, unexpected } = verdict.changes ?? verdict.comparison;
  const changed = Object.entries(verdict.changes?.byColumn ?? {}).map(
    ([name, count]) => `${quoted(name)} in ${count} rows`,
  );
  return [
    `PostgreSQL's own answer to the spec has ${expectedRows} rows, the job gave ${actualRows}; missing ${missing}, unexpected ${unexpected}.`,
    ...(changed.length > 0 ? [`Cells that differ: ${changed.join(', ')}.`] : []),
  ];
}

const mostRows = 3;
const longestRow = 600;

/** The verdict of a run holds its rows masked. */
function exampleOf(fault: Fault, { rows }: Consent): string {
  if (!rows) return '(rows are not shown: the engineer has not agreed to it)';
  if (fault.kind === 'failed') return '(the job gave no rows)';
  const { verdict, divergence } = fault;
  // Where it began there is less beside it than in the target.
  const atStep = divergence?.kind === 'step' ? divergence.changes?.rows : undefined;
  const changes = atStep ?? (verdict.kind === 'failed' ? (verdict.changes?.rows ?? []) : []);
  const different = changes.map((row) => {
    switch (row.kind) {
      case 'missing':
        return `missing ${quoted(row.expected, longestRow)}`;
      case 'unexpected':
        return `unexpected ${quoted(row.actual, longestRow)}`;
      case 'changed':
        return `expected ${quoted(row.expected, longestRow)}, found ${quoted(row.actual, longestRow)}`;
    }
  });
  const others = (verdict.findings ?? []).flatMap(({ examples }) => examples.map((row) => quoted(row, longestRow)));
  return [...different, ...others].slice(0, mostRows).join('\n') || '(none)';
}

const longestDiff = 1500;

function roundText({ remedy }: Round, at: number): string {
  const diff = 'diff' in remedy ? `\n${remedy.diff.slice(0, longestDiff)}` : '';
  return `${at + 1}. ${remedy.kind}, ${remedy.layer}: ${quoted(remedy.reason, 600)}${diff}`;
}
