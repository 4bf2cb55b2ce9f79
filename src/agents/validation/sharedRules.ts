/** The workspace's rules for tables by name, as a validation takes them. */
import { parseTableName } from '../../spec/tableName.ts';
import { isAbout, readSharedRules } from '../../spec/sharedRules.ts';
import type { Rule } from './rules.ts';

/** In the workspace's folder. */
export const sharedRulesFile = '.datamorph/rules.json';

export interface SharedRulesSource {
  /** The text of the file; undefined where there is none. */
  text(): Promise<string | undefined>;
}

export interface SharedRulesFor {
  readonly rules: readonly Rule[];
  /** What is wrong with the file, each with its place: `.datamorph/rules.json:3:5: sentence`. */
  readonly problems: readonly string[];
}

/** The rules of the text that are about the target, `searchPath` being where a name without a schema is looked for. */
export function sharedRulesFor(
  text: string,
  target: string,
  { searchPath }: { readonly searchPath?: readonly string[] } = {},
): SharedRulesFor {
  const { rules: found, problems } = readSharedRules(text);
  const told = problems.map(({ message, span }) => `${placeIn(text, span.offset)}: ${message}`);
  const name = parseTableName(target);
  if (!found || !name) return { rules: [], problems: told };
  const table = { schema: name.schema ?? searchPath?.[0] ?? 'public', name: name.name };
  const rules = found.tables.flatMap((each, at): readonly Rule[] =>
    isAbout(each.table, table) ? each.checks.map((check, place) => ruleAt(check, `/tables/${at}/checks/${place}`)) : [],
  );
  return { rules, problems: told };
}

const ruleAt = (check: Rule['check'], pointer: string): Rule => ({
  ...{ id: `${sharedRulesFile}#${pointer}`, check, severity: check.severity ?? 'error' },
  ...{ file: sharedRulesFile, pointer },
});

function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${sharedRulesFile}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
}
