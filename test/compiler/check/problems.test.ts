import assert from 'node:assert/strict';
import { catalogueCodes } from '../../../src/compiler/check/codes.ts';
import { describeSpec, type Prepared } from '../../../src/compiler/describe.ts';
import { problemCodes, type ProblemCode } from '../../../src/compiler/expressions/problemCodes.ts';
import type { Problem } from '../../../src/spec/problem.ts';
import { shapeCodes, type CodeEntry } from '../../../src/spec/problemCodes.ts';
import { readSpec } from '../../../src/spec/read.ts';
import { assertAccepted } from '../spec/accepted.ts';
import { catalogueExamples, shapeExamples } from './problemExamples.ts';
import { shop } from './shop.ts';
import { mended, shopChecker, shown, type Checker } from './support.ts';

/** Codes that only PostgreSQL's own word can bring, and what it says. */
const said: Readonly<Record<string, Prepared>> = {
  'postgres-error': { error: 'column "order_idd" does not exist', position: 7 },
  'described-differently': {
    columns: [...(shop.find({ schema: 'shop', name: 'orders' })?.columns ?? []), { name: 'value', type: 'text' }],
  },
};

describe('every problem code', () => {
  let check: Checker;
  before(async () => {
    check = await shopChecker();
  });

  const problemsOf = async (code: string, text: string): Promise<readonly Problem[]> => {
    const answer = said[code];
    if (!answer) return code in shapeCodes ? readSpec(text).problems : check(text).problems;
    const sqlOf = (): string => 'select order_idd from orders';
    const described = await describeSpec({
      check: (columns) => check(text, columns),
      reference: sqlOf,
      prepare: () => Promise.resolve(answer),
    });
    return described.problems;
  };

  for (const [code, text] of Object.entries<string>({ ...shapeExamples, ...catalogueExamples })) {
    it(`${code}: its example has it, and the fix mends it`, async () => {
      const before = await problemsOf(code, text);
      const found = before.filter((problem) => problem.code === code);
      assert.ok(found.length > 0, `not found among:\n${before.map((one) => shown(one, text)).join('\n')}\nin\n${text}`);
      const errors = before.filter((problem) => problem.severity === 'error' && problem.code !== code);
      if (code !== 'syntax')
        assert.deepEqual(
          errors.map((one) => shown(one, text)),
          [],
          'an example has one error only',
        );
      for (const problem of found) {
        assert.equal(problem.severity, severityOf(code));
        if (!problem.fix) continue;
        const after = (await problemsOf(code, mended(text, problem))).filter((one) => one.code === code);
        const left = after.map((one) => shown(one, mended(text, problem))).join('\n');
        assert.ok(
          after.length < found.length,
          `the fix "${problem.fix.title}" left:\n${left}\nin\n${mended(text, problem)}`,
        );
      }
    });
  }

  it('is documented in docs/problems.md with its example', async () => {
    const parts = [
      page('Shape', 'What a document says by itself; no database is needed.', shapeCodes, shapeExamples),
      page('Names and types', 'What a document says about a database.', catalogueCodes, catalogueExamples),
    ];
    const sections = await Promise.all(parts.map((part) => part(problemsOf)));
    sections.push(expressionPage());
    assertAccepted('docs/problems.md', [intro, ...sections].join('\n'));
  });
});

const severityOf = (code: string): string | undefined =>
  new Map<string, CodeEntry>(Object.entries({ ...shapeCodes, ...catalogueCodes })).get(code)?.severity;

const intro = `# Problems

Every problem that DataMorph finds in a spec has a code. This page says what each one means, shows a document that has it, and
how to mend it. Where DataMorph knows the edit, the editor offers it as a quick fix.

An **error** stops the spec from being compiled; a **warning** is allowed and seldom meant; an **information** is only told.
`;

type Finder = (code: string, text: string) => Promise<readonly Problem[]>;

function page(
  title: string,
  about: string,
  codes: Readonly<Record<string, CodeEntry>>,
  examples: Readonly<Record<string, string>>,
) {
  return async (problemsOf: Finder): Promise<string> => {
    const entries = Object.entries(codes).map(async ([code, entry]) => {
      const text = examples[code] ?? '';
      const problem = (await problemsOf(code, text)).find((one) => one.code === code);
      return section(code, entry, { text, ...(problem && { problem }) });
    });
    return [`## ${title}\n\n${about}\n`, ...(await Promise.all(entries))].join('\n');
  };
}

/** The expression compiler documents its codes by a wrong expression and a right one. */
function expressionPage(): string {
  const entries = Object.entries<ProblemCode>(problemCodes).map(([code, { meaning, example, instead }]) => {
    // A code that both speak of has its own heading above.
    const heading = severityOf(code) === undefined ? `### ${code}\n` : `### ${code} in an expression\n`;
    return [heading, `${meaning}\n`, `- Instead of: ${asCode(example)}`, `- Write: ${asCode(instead)}\n`].join('\n');
  });
  return ['## Expressions\n', 'What stands inside an expression.\n', ...entries].join('\n');
}

/** A way out may be told in words, with its own code inside. */
const asCode = (text: string): string => (text.includes('`') ? text : `\`${text}\``);

function section(
  code: string,
  { severity, meaning, mend }: CodeEntry,
  { text, problem }: { text: string; problem?: Problem },
): string {
  const fix = problem?.fix ? `\n\nQuick fix: ${problem.fix.title}.` : '';
  const example = text.length > 3000 ? `${text.slice(0, 120)}…\n` : text;
  return [
    `### ${code}\n`,
    `*${severity}* · ${meaning}\n`,
    '```jsonc',
    example.trimEnd(),
    '```\n',
    `> ${problem?.message ?? ''}\n`,
    `${mend}${fix}\n`,
  ].join('\n');
}
