/** A plan as a few lines of text: what the golden files hold, and what a reviewer reads. */
import type { Plan } from '../../../src/agents/planner.ts';
import { readSpec } from '../../../src/spec/read.ts';
import type { OrderItem, OutputColumn, Spec, Step } from '../../../src/spec/spec.ts';

export function shown(plan: Plan): readonly string[] {
  switch (plan.kind) {
    case 'spec':
    case 'draft': {
      const { spec } = readSpec(plan.specText);
      const problems = plan.problems.filter(({ severity }) => severity !== 'information');
      return [
        ...(plan.kind === 'draft' ? ['DRAFT'] : []),
        ...(spec ? specLines(spec) : [plan.specText]),
        ...problems.map(({ severity, code, message }) => `${severity} ${code}: ${message}`),
      ];
    }
    case 'questions':
      return plan.questions.map(
        ({ text, id, choices }) => `? ${text} [${id}: ${choices.map((one) => one.id).join(' | ')}]`,
      );
    case 'refused':
      return [
        `refused: ${plan.reason}`,
        ...(plan.words ?? []).map(
          ({ text, offset, hint }) => `✗ ${text} @${offset}${hint === undefined ? '' : `: ${hint}`}`,
        ),
      ];
  }
}

function specLines({ sources, steps, target, assumptions = [] }: Spec): readonly string[] {
  const columns = target.columns
    .map(({ name, type, nullable }) => `${name} ${type}${nullable === false ? '!' : ''}`)
    .join(', ');
  const keys = target.keys ? ` on ${target.keys.join(', ')}` : '';
  return [
    ...sources.map(({ name, table, columns: read }) => `read ${name} = ${table} (${read?.join(', ') ?? '*'})`),
    ...steps.map((step) => `${step.name} = ${stepText(step)}`),
    `${target.mode} ${target.table}${keys} from ${target.from} (${columns})`,
    ...assumptions.map((sentence) => `· ${sentence}`),
  ];
}

const outputs = (columns: readonly OutputColumn[]): string =>
  columns.map(({ name, expr }) => (expr === undefined ? name : `${name} = ${expr}`)).join(', ');
const orders = (items: readonly OrderItem[]): string =>
  items
    .map(({ expr, direction, nulls }) => [expr, direction, nulls && `nulls ${nulls}`].filter(Boolean).join(' '))
    .join(', ');

function stepText(step: Step): string {
  switch (step.kind) {
    case 'filter':
      return `filter ${step.from} where ${step.where}`;
    case 'derive':
    case 'window':
    case 'select':
      return `${step.kind} ${step.from}: ${outputs(step.columns)}`;
    case 'rename':
      return `rename ${step.from}: ${step.columns.map(({ from, to }) => `${from} → ${to}`).join(', ')}`;
    case 'join': {
      const on = (step.on ?? []).map(({ left, right }) => (left === right ? left : `${left} = ${right}`)).join(', ');
      return `${step.left} ${step.how} join ${step.right} on ${on}${step.columns ? `: ${outputs(step.columns)}` : ''}`;
    }
    case 'aggregate':
      return `aggregate ${step.from} by ${outputs(step.by) || 'nothing'}: ${outputs(step.columns)}`;
    case 'sort':
      return `sort ${step.from} by ${orders(step.by)}`;
    case 'limit':
      return `limit ${step.from} to ${step.count} by ${orders(step.by ?? [])}`;
    case 'distinct':
      return `distinct ${step.from}`;
    case 'dedupe':
      return `dedupe ${step.from} by ${step.keys.join(', ')} order ${orders(step.order)} keep ${step.keep ?? 'first'}`;
    case 'union':
      return `union ${step.all === false ? 'distinct' : 'all'} ${step.inputs.join(', ')}`;
    case 'pivot':
      return `pivot ${step.from} by ${step.by.join(', ')} on ${step.column} (${step.values.map(({ value, name }) => `${JSON.stringify(value)} as ${name}`).join(', ')}): ${step.aggregate}`;
    default:
      return JSON.stringify(step);
  }
}
