/** docs/prompts.md, out of the corpus. */
import type { Plan } from '../../../src/agents/planner.ts';
import { lineOf, type Example } from './corpus.ts';
import { shown } from './shown.ts';

/** More examples of a family say nothing new. */
const most = 14;

export function promptsPage(plans: ReadonlyMap<Example, Plan>): string {
  const entries = [...plans];
  const families = [...new Set(entries.map(([{ family }]) => family))].filter((family) => family !== 'Refused');
  const accepted = (family: string) =>
    entries.filter(([example, { kind }]) => example.family === family && kind === 'spec');
  const asked = entries.filter(([, { kind }]) => kind === 'questions');
  const refused = entries.filter(([, { kind }]) => kind === 'refused');
  return [
    intro(entries.length, asked.length, refused.length),
    ...families.flatMap((family) => [
      `## ${family}\n`,
      ...notes(family),
      ...accepted(family).slice(0, most).map(section),
      '',
    ]),
    '## What is asked\n',
    'Where several tables, columns or readings fit, a question comes back with its choices; nothing is chosen silently.\n',
    '| prompt | question | choices |\n|---|---|---|',
    ...asked.map(([example, plan]) => questionRow(example, plan)),
    '\n## What is refused\n',
    'A word that no rule takes is named, with its place in the prompt. So is what a spec cannot say.\n',
    '| prompt | not taken | why |\n|---|---|---|',
    ...refused.map(([example, plan]) => refusalRow(example, plan)),
    '',
  ].join('\n');
}

const intro = (prompts: number, asked: number, refused: number): string => `# Prompts

The offline planner needs no model, no account and no network. It reads a part of English against the catalogue of the
database and writes the same spec that a model would. It never guesses: every word of a prompt is taken by a rule, or the prompt is
refused and the word is named; what has two readings is asked. What it had to choose stands in the spec's assumptions.

This page is written by the test suite from its corpus: ${prompts} prompts over seven schemas, of which ${asked} are asked back and
${refused} refused. Under each prompt stand the steps that are made of it, one a line, and then its assumptions.

## How names are found

- By the name itself, in any case, with blanks, underscores or capitals between its parts, in the singular or the plural:
  \`order items\`, \`order_items\`, \`OrderItem\`.
- With the table before it: \`customer email\`, \`orders.status\`.
- Without the table's words, or by its beginning or end: \`weight\` for \`weight_kg\`, \`hired\` for \`hire_date\`. Then an assumption says so.
- By a few synonyms, such as \`clients\` for \`customers\`, and by the workspace's own glossary. Then an assumption says so too.
- By the column's comment, for values: \`N = new, P = paid\` makes \`paid orders\` a condition; \`one of open, closed\` does so for texts.
  Any other value stands in quotes.
- Yes-or-no columns by their name: \`is_test\` makes \`test orders\`, \`non-test orders\` and \`where is_test\`.
- Tables are joined along foreign keys. Where none is declared, a column of the same name as another table's key of one column is
  taken, and an assumption says so. Two ways are a question.

## What it sees to

- Sums are never taken over rows that a join has repeated: such a prompt is refused. Rows of a table that a join repeats are
  counted once each.
- A day belongs whole to a stretch of time: \`between 2024-01-01 and 2024-01-31\` ends before the first of February, at every hour.
- A condition on the other side of a left join is a question: it may leave rows out, or only their matches.
- The first few, and one of each, are told apart by a key where the order does not.
- \`and\` and \`or\` side by side need brackets.
`;

/** What the examples of a family do not show by themselves. */
function notes(family: string): readonly string[] {
  const note = {
    Joins: 'Tables that only serve to look a column up are joined by themselves.',
    Conditions:
      'Comparisons in words or signs, lists, ranges, patterns, NULL, words that choose rows, `not`, brackets.',
    Days: 'Days are written `2024-01-31`. Days, weeks, months, quarters and years may be counted from today.',
    'Where it goes':
      '`into`, `save as`, `called`; `append to`, `upsert into … on`, `keeping history on`. The mode is `replace` where none is said.',
    'One of each': 'The first or last row of each, and one of several that are the same.',
  }[family];
  return note === undefined ? [] : [`${note}\n`];
}

function section([example, plan]: readonly [Example, Plan]): string {
  const lines = shown(plan).filter((line) => !line.startsWith('read '));
  return [`### ${lineOf(example)}\n`, '```text', ...lines.map(shortened), '```\n'].join('\n');
}

/** Lists of columns are long, and say little here. */
const shortened = (line: string): string =>
  line.length > 150 && !line.startsWith('·') ? `${line.slice(0, 147)}…` : line;

const cell = (text: string): string => text.replaceAll('|', '\\|');

function questionRow(example: Example, plan: Plan): string {
  const questions = plan.kind === 'questions' ? plan.questions : [];
  const text = questions.map((question) => question.text).join('<br>');
  const choices = questions.map((question) => question.choices.map(({ label }) => label).join(' · ')).join('<br>');
  return `| ${cell(lineOf(example))} | ${cell(text)} | ${cell(choices)} |`;
}

function refusalRow(example: Example, plan: Plan): string {
  const words = plan.kind === 'refused' ? (plan.words ?? []) : [];
  const reason = plan.kind === 'refused' ? plan.reason : '';
  const hints = [...new Set(words.flatMap(({ hint }) => hint ?? []))].join(' ');
  return `| ${cell(lineOf(example))} | ${cell(words.map(({ text }) => `“${text}”`).join(', '))} | ${cell(hints === '' ? reason : hints)} |`;
}
