import { counted } from '../counted.ts';
import type { Finding } from '../verdict.ts';
import { placeWords } from './labels.ts';
import type { ReportedCheck, ReportedComparison, ReportValue } from './value.ts';
import { visible } from './visible.ts';

/** As continuous integration reads it: a suite a kind of test, a case a test; a warning fails none. */
export function junitReport(value: ReportValue): string {
  const suites = suitesOf(value).filter(({ cases }) => cases.length > 0);
  const all = suites.flatMap(({ cases }) => cases);
  const seconds = ((value.proof?.ms ?? 0) / 1000).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xml(value.table)}"${tally(all)} time="${seconds}">`,
    ...suites.flatMap((suite) => suiteLines(suite, value)),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

interface Case {
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped, or what is warned of. */
  readonly message?: string;
  readonly lines: readonly string[];
}

function suitesOf(value: ReportValue): readonly Suite[] {
  return [
    { name: 'comparison', cases: [comparisonCase(value)] },
    { name: 'steps', cases: stepCases(value) },
    { name: 'rules', cases: value.rules.map(checkCase) },
    { name: 'prompt', cases: value.intent.map(checkCase) },
    { name: 'findings', cases: otherFindings(value).map(findingCase) },
  ];
}

function comparisonCase({ comparison, reason, findings }: ReportValue): Case {
  const name = "every row equals PostgreSQL's own answer";
  if (!comparison) return { name, result: 'skipped', message: reason ?? 'not compared', lines: [] };
  if (isEqual(comparison)) return { name, result: 'passed', lines: [] };
  const finding = findings.find(({ code }) => code === 'rows-differ');
  const lines = [...(finding?.evidence ?? []), ...comparison.rows.flatMap(rowLines)];
  return { name, result: 'failed', message: finding?.message ?? messageOf(comparison), lines };
}

const isEqual = ({ missing, unexpected, changed }: ReportedComparison): boolean => missing + unexpected + changed === 0;

const messageOf = ({ missing, unexpected, changed }: ReportedComparison): string =>
  `${missing} missing, ${unexpected} unexpected, ${changed} changed`;

const rowLines = (row: ReportedComparison['rows'][number]): readonly string[] => [
  ...(row.kind === 'unexpected' ? [] : [`expected ${row.expected}`]),
  ...(row.kind === 'missing' ? [] : [`found ${row.actual}`]),
];

/** Steps are looked at only to find the one that went wrong: those behind it are not known to be right. */
function stepCases({ steps, findings }: ReportValue): readonly Case[] {
  const finding = findings.find(({ code, place }) => code === 'rows-differ' && place.step !== undefined);
  if (!finding) return [];
  return steps.map((step): Case =>
    step === finding.place.step
      ? { name: step, result: 'failed', message: finding.message, lines: finding.evidence }
      : { name: step, result: 'skipped', message: 'not the first step that differs', lines: [] },
  );
}

function checkCase({ title, outcome, rows, detail, examples }: ReportedCheck): Case {
  const broken = `${counted(rows ?? 0, 'row')} against it`;
  const lines = [...(detail === undefined ? [] : [detail]), ...examples];
  switch (outcome) {
    case 'passed':
      return { name: title, result: 'passed', lines: [] };
    case 'failed':
      return { name: title, result: 'failed', message: broken, lines };
    case 'warning':
      return { name: title, result: 'passed', lines: [`warning: ${broken}`, ...lines] };
    case 'not run':
      return { name: title, result: 'skipped', message: detail ?? 'not run', lines: [] };
  }
}

/** Those that no other case tells. */
const otherFindings = ({ findings }: ReportValue): readonly Finding[] =>
  findings.filter(({ code, place }) => code === 'table-changed' || (code === 'not-run' && place.pointer === undefined));

function findingCase({ message, severity, evidence, place }: Finding): Case {
  const lines = [`${severity}: ${message}`, ...evidence];
  const where = placeWords(place);
  const name = where === '' ? message : `${message} (${where})`;
  return severity === 'error' ? { name, result: 'failed', message, lines } : { name, result: 'passed', lines };
}

function suiteLines({ name, cases }: Suite, { table }: ReportValue): readonly string[] {
  const inside = cases.flatMap((each) => caseLines(each, `${table}.${name}`));
  const skipped = count(cases, 'skipped');
  return [`  <testsuite name="${xml(name)}"${tally(cases)} skipped="${skipped}">`, ...inside, '  </testsuite>'];
}

const tally = (cases: readonly Case[]): string =>
  ` tests="${cases.length}" failures="${count(cases, 'failed')}" errors="0"`;

const count = (cases: readonly Case[], wanted: Case['result']): number =>
  cases.filter(({ result }) => result === wanted).length;

function caseLines({ name, result, message = '', lines }: Case, className: string): readonly string[] {
  const open = `    <testcase name="${xml(name)}" classname="${xml(className)}"`;
  const inside = lines.map(xml).join('\n');
  switch (result) {
    case 'passed':
      if (lines.length === 0) return [`${open}/>`];
      return [`${open}>`, `      <system-out>${inside}</system-out>`, '    </testcase>'];
    case 'skipped':
      return [`${open}>`, `      <skipped message="${xml(message)}"/>`, '    </testcase>'];
    case 'failed':
      return [
        `${open}>`,
        `      <failure message="${xml(message)}" type="failed">${inside}</failure>`,
        '    </testcase>',
      ];
  }
}

const xml = (text: string): string => visible(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
