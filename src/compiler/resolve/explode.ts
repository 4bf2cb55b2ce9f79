import { scalar } from '../../spec/pgTypes.ts';
import type { PgType } from '../../spec/pgType.ts';
import type { ExplodeStep } from '../../spec/spec.ts';
import type { CompiledExpression, Scope } from '../expressions/contract.ts';
import type { Column, Relation, ResolvedInput } from '../resolved.ts';
import { words } from '../typeRules.ts';
import { scopeOf, unknownRelation, type StepContext } from './context.ts';
import { collision } from './sets.ts';

/** Where a JSON array is named as it is, the call that PostgreSQL would need to make rows of it. */
export const impliedElements = 'elements';

export function resolveExplode(step: ExplodeStep, input: ResolvedInput, context: StepContext): Relation {
  collision(input.columns, step.as, ['as'], context);
  if (step.position !== undefined) collision(input.columns, step.position, ['position'], context);
  const array = arrayOf(step, scopeOf(input), context);
  if (!array) return unknownRelation;
  if (array.type.kind !== 'array') {
    context.report('array-expected', ['expr'], `This is ${words(array.type)}, neither an array nor JSON.`);
    return unknownRelation;
  }
  const added: Column[] = [{ name: step.as, type: array.type.element, nullable: true }];
  if (step.position !== undefined) {
    added.push({ name: step.position, type: scalar('int8'), nullable: step.keepEmpty ?? false });
  }
  const uniqueKeys = step.position === undefined ? [] : input.uniqueKeys.map((key) => [...key, step.position ?? '']);
  return { columns: [...input.columns, ...added], known: true, uniqueKeys };
}

function arrayOf({ expr }: ExplodeStep, scope: Scope, context: StepContext): CompiledExpression | undefined {
  const written = context.expression(['expr'], expr, scope, 'rows');
  const json = written && jsonName(written.type);
  return json === undefined
    ? written
    : context.implied(impliedElements, `${json}_array_elements(${expr}\n)`, scope, 'rows');
}

const jsonName = (type: PgType): 'json' | 'jsonb' | undefined =>
  type.kind === 'scalar' && (type.name === 'json' || type.name === 'jsonb') ? type.name : undefined;
