import { fixOf, insertProperty, removeValue, replaceValue } from '../edits.ts';
import type { JsonPath } from '../positions.ts';
import type { FillStep, JoinStep, PythonStep, Step, StepKind } from '../spec.ts';
import type { Rule, RuleContext } from './rule.ts';

type StepRule<Kind extends StepKind> = (
  step: Extract<Step, { kind: Kind }>,
  at: JsonPath,
  context: RuleContext,
) => void;

/** What the properties of one step ask of each other. */
export const stepRules: Rule = (context) => {
  context.spec.steps.forEach((step, index) => {
    const at: JsonPath = ['steps', index];
    if (step.kind === 'join') join(step, at, context);
    else if (step.kind === 'fill') fill(step, at, context);
    else if (step.kind === 'python') python(step, at, context);
    else if (step.kind === 'hierarchy' && step.separator !== undefined && step.path === undefined)
      notUsed('separator', 'without "path"', at, context);
  });
};

const join: StepRule<'join'> = (step, at, context) => {
  joinCondition(step, at, context);
  asof(step, at, context);
  if (step.nullSafe && !step.on) notUsed('nullSafe', 'without "on"', at, context);
  const [left, right] = [step.leftAs ?? step.left, step.rightAs ?? step.right];
  if (left !== right) return;
  const free = left === 'other' ? 'other_2' : 'other';
  const { positions } = context;
  const fix = step.rightAs
    ? replaceValue(positions, [...at, 'rightAs'], JSON.stringify(free))
    : insertProperty(positions, at, { key: 'rightAs', json: JSON.stringify(free) });
  const words = `Both sides of "${step.name}" are called "${left}"; \`leftAs\` and \`rightAs\` tell them apart.`;
  context.report(
    'same-qualifier',
    [...at, step.rightAs ? 'rightAs' : 'right'],
    words,
    fixOf('Name the right side', fix),
  );
};

function joinCondition(step: JoinStep, at: JsonPath, { positions, report }: RuleContext): void {
  const conditioned = (step.on?.length ?? 0) > 0 || step.where !== undefined;
  const how: JsonPath = [...at, 'how'];
  if (step.how === 'cross' && conditioned) {
    const fix = fixOf('Make it an inner join', replaceValue(positions, how, '"inner"'));
    report('cross-join-condition', how, `The cross join "${step.name}" has a condition.`, fix);
  }
  if (step.how === 'cross' || step.how === 'asof' || conditioned) return;
  const fix =
    step.how === 'inner'
      ? fixOf('Make it a cross join', replaceValue(positions, how, '"cross"'))
      : fixOf('Add a condition', insertProperty(positions, at, { key: 'where', json: '"true"' }));
  report('join-condition', how, `The join "${step.name}" has neither "on" nor "where".`, fix);
}

function asof(step: JoinStep, at: JsonPath, context: RuleContext): void {
  if (step.asof && step.how !== 'asof') notUsed('asof', 'unless "how" is "asof"', at, context);
  if (step.asof || step.how !== 'asof') return;
  const property = { key: 'asof', json: '{ "left": "time", "right": "time" }' };
  const fix = fixOf('Add "asof"', insertProperty(context.positions, at, property));
  const words = `The as-of join "${step.name}" needs "asof": the two columns whose nearest values are matched.`;
  context.report('missing-property', [...at, 'how'], words, fix);
}

function fill(step: FillStep, at: JsonPath, context: RuleContext): void {
  const carries = step.columns.some((column) => typeof column.with !== 'string');
  if (carries && !step.orderBy) {
    const property = { key: 'orderBy', json: '[{ "expr": "1" }]' };
    const fix = fixOf('Add "orderBy"', insertProperty(context.positions, at, property));
    const words = `The step "${step.name}" carries values from row to row and needs "orderBy".`;
    context.report('missing-order', [...at, 'name'], words, fix);
  }
  if (carries) return;
  if (step.orderBy) notUsed('orderBy', 'where nothing is carried', at, context);
  if (step.partitionBy) notUsed('partitionBy', 'where nothing is carried', at, context);
}

function python(step: PythonStep, at: JsonPath, { report }: RuleContext): void {
  if (/^def\s+\w+\s*\(/m.test(step.code)) return;
  report(
    'python-function',
    [...at, 'code'],
    `The code of "${step.name}" holds no \`def name(input):\` at the start of a line.`,
  );
}

export function notUsed(key: string, when: string, at: JsonPath, { positions, report }: RuleContext): void {
  const path = [...at, key];
  report(
    'property-not-used',
    path,
    `"${key}" has no effect ${when}.`,
    fixOf(`Take "${key}" out`, removeValue(positions, path)),
  );
}
