import { fixOf, insertProperty, replaceValue } from '../edits.ts';
import type { JsonPath } from '../positions.ts';
import type { Check, CheckKind } from '../spec.ts';
import { didYouMean, suggest } from '../suggest.ts';
import type { Rule, RuleContext } from './rule.ts';
import { notUsed } from './steps.ts';

/** What the target's mode asks of its other properties. */
export const targetRules: Rule = (context) => {
  const { spec, positions, report } = context;
  const { target } = spec;
  const needsKeys = target.mode === 'upsert' || target.mode === 'history';
  if (needsKeys && !target.keys) {
    const json = JSON.stringify([target.columns[0]?.name ?? 'id']);
    const fix = fixOf('Add "keys"', insertProperty(positions, ['target'], { key: 'keys', json }));
    report(
      'missing-keys',
      ['target', 'mode'],
      `The mode "${target.mode}" needs "keys": what makes a row the same row.`,
      fix,
    );
  }
  if (target.mode === 'history' && !target.history) {
    const json = '{ "validFrom": "valid_from", "validTo": "valid_to" }';
    const fix = fixOf('Add "history"', insertProperty(positions, ['target'], { key: 'history', json }));
    report(
      'missing-history',
      ['target', 'mode'],
      'The mode "history" needs the columns that say when a version was true.',
      fix,
    );
  }
  if (target.history && target.mode !== 'history')
    notUsed('history', 'unless the mode is "history"', ['target'], context);
  target.keys?.forEach((key, index) => {
    knownColumn(key, ['target', 'keys', index], context);
  });
};

/** Checks can fail, and speak of columns that the target has. */
export const checkRules: Rule = (context) => {
  context.spec.checks?.forEach((check, index) => {
    (rules[check.kind] as (check: Check, at: JsonPath, context: RuleContext) => void)(
      check,
      ['checks', index],
      context,
    );
  });
};

type CheckRule<Kind extends CheckKind> = (
  check: Extract<Check, { kind: Kind }>,
  at: JsonPath,
  context: RuleContext,
) => void;

const columnRule = (check: { readonly column: string }, at: JsonPath, context: RuleContext): void => {
  knownColumn(check.column, [...at, 'column'], context);
};
const columnsRule = (check: { readonly columns: readonly string[] }, at: JsonPath, context: RuleContext): void => {
  check.columns.forEach((name, index) => {
    knownColumn(name, [...at, 'columns', index], context);
  });
};

const rules: { readonly [Kind in CheckKind]: CheckRule<Kind> } = {
  notNull: columnRule,
  accepted: columnRule,
  unique: columnsRule,
  range(check, at, context) {
    columnRule(check, at, context);
    bounds(check, at, context);
  },
  references(check, at, context) {
    columnsRule(check, at, context);
    const [own, other] = [check.columns.length, check.tableColumns.length];
    if (own === other) return;
    context.report('length-mismatch', [...at, 'tableColumns'], `${own} columns cannot refer to ${other}.`);
  },
  rowCount: bounds,
  sql: () => undefined,
};

function bounds(check: { readonly min?: unknown; readonly max?: unknown }, at: JsonPath, context: RuleContext): void {
  const { positions, report } = context;
  const { min, max } = check;
  if (min === undefined && max === undefined) {
    const fix = fixOf('Add "min"', insertProperty(positions, at, { key: 'min', json: '1' }));
    report('missing-bounds', [...at, 'kind'], 'This check has neither "min" nor "max".', fix);
  }
  if (typeof min !== 'number' || typeof max !== 'number' || min <= max) return;
  const swap = [
    ...replaceValue(positions, [...at, 'min'], String(max)),
    ...replaceValue(positions, [...at, 'max'], String(min)),
  ];
  report('empty-range', [...at, 'min'], `Nothing lies between ${min} and ${max}.`, fixOf('Swap the bounds', swap));
}

function knownColumn(name: string, path: JsonPath, { spec, positions, report }: RuleContext): void {
  const columns = [...spec.target.columns.map((column) => column.name), ...Object.values(spec.target.history ?? {})];
  if (columns.includes(name)) return;
  const suggestion = suggest(name, columns);
  const fix =
    suggestion === undefined
      ? fixOf(`Add the column "${name}"`, addColumn(name))
      : fixOf(`Change to "${suggestion}"`, replaceValue(positions, path, JSON.stringify(suggestion)));
  report('unknown-target-column', path, `The target has no column "${name}".${didYouMean(suggestion)}`, fix);

  function addColumn(added: string) {
    const last = positions.node(['target', 'columns'])?.children?.at(-1);
    if (!last) return [];
    const json = `, { "name": ${JSON.stringify(added)}, "type": "text" }`;
    return [{ offset: last.offset + last.length, length: 0, text: json }];
  }
}
