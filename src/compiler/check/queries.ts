import { appendElement, fixOf, replaceWithin } from '../../spec/edits.ts';
import type { JsonPath } from '../../spec/positions.ts';
import { didYouMean, suggest } from '../../spec/suggest.ts';
import { statementTree, type AstNode, type StatementTree } from './ast.ts';
import type { Advice, AdviceContext } from './rule.ts';

interface Query {
  readonly text: string;
  readonly path: JsonPath;
  /** The names that it may read as tables, and where they are listed. */
  readonly inputs?: { readonly names: readonly string[]; readonly path: JsonPath };
}

/** Hand-written SQL is one SELECT over what it names as its inputs. */
export const queries: Advice = (context) => {
  for (const query of queriesOf(context)) {
    const parsed = statementTree(query.text, context.parser);
    if ('error' in parsed) {
      const offset = Math.min(parsed.position, Math.max(0, query.text.length - 1));
      const length = /^\S+/.exec(query.text.slice(offset))?.[0].length ?? 1;
      context.report(
        'query-syntax',
        { path: query.path, part: { offset, length } },
        `PostgreSQL says: ${parsed.error}.`,
      );
    } else if (isSelect(parsed)) readsInputs(query, parsed, context);
    else context.report('query-not-select', { path: query.path }, 'This has to be one SELECT.');
  }
};

function queriesOf({ resolved, checks }: AdviceContext): Query[] {
  const ofSteps = resolved.steps.flatMap(({ step, index }): Query[] => {
    const at: JsonPath = ['steps', index];
    const text = step.kind === 'sql' ? step.query : step.kind === 'python' ? step.sql : undefined;
    if (text === undefined || (step.kind !== 'sql' && step.kind !== 'python')) return [];
    const inputs = { names: step.inputs, path: [...at, 'inputs'] };
    return [{ text, path: [...at, step.kind === 'sql' ? 'query' : 'sql'], inputs }];
  });
  // A check looks at the written table, beside whatever else the database holds.
  const ofChecks = checks.flatMap((check, index): Query[] =>
    check.kind === 'sql' ? [{ text: check.query, path: ['checks', index, 'query'] }] : [],
  );
  return [...ofSteps, ...ofChecks];
}

function isSelect({ nodes }: StatementTree): boolean {
  const statements = nodes.filter(({ under, parent }) => under === 'stmt' && !parent);
  const writes = nodes.some(({ tag }) => /^(Insert|Update|Delete|Merge)Stmt$|^IntoClause$/.test(tag));
  return statements.length === 1 && statements[0]?.tag === 'SelectStmt' && !writes && !hasInto(nodes);
}

const hasInto = (nodes: readonly AstNode[]): boolean => nodes.some(({ fields }) => fields['intoClause'] !== undefined);

function readsInputs({ text, path, inputs }: Query, tree: StatementTree, context: AdviceContext): void {
  if (!inputs) return;
  const own = new Set(tree.nodes.filter(({ tag }) => tag === 'CommonTableExpr').map(({ fields }) => fields['ctename']));
  const { sources, steps } = context.resolved;
  const known = new Set([...sources.map(({ source }) => source.name), ...steps.map(({ step }) => step.name)]);
  for (const node of tree.nodes.filter(({ tag }) => tag === 'RangeVar')) {
    const { relname, schemaname } = node.fields;
    if (typeof relname !== 'string') continue;
    if (schemaname === undefined && (own.has(relname) || inputs.names.includes(relname))) continue;
    const offset = tree.offsetOf(node) ?? 0;
    const length = /^[^\s,;()]+/.exec(text.slice(offset))?.[0].length ?? 1;
    const name = typeof schemaname === 'string' ? `${schemaname}.${relname}` : relname;
    const near = schemaname === undefined && known.has(relname) ? undefined : suggest(relname, inputs.names);
    const fix =
      schemaname === undefined && known.has(relname)
        ? fixOf(
            `Add "${relname}" to the inputs`,
            appendElement(context.positions, inputs.path, JSON.stringify(relname)),
          )
        : near === undefined
          ? undefined
          : fixOf(`Change to "${near}"`, replaceWithin(context.positions, path, { offset, length, text: near }));
    const words = `"${name}" is not among the inputs.${didYouMean(near)}`;
    context.report('query-input', { path, part: { offset, length } }, words, fix);
  }
}
