import { checkDocument } from '../compiler/check.ts';
import { compileExpression } from '../compiler/expressions/compile.ts';
import type { SqlParser } from '../compiler/expressions/contract.ts';
import type { Catalogue, TableName } from '../spec/catalogue.ts';
import type { Problem } from '../spec/problem.ts';
import { readSpec } from '../spec/read.ts';
import type { Spec } from '../spec/spec.ts';
import { parseTableName } from '../spec/tableName.ts';
import { loadSqlParser } from './sqlParser.ts';

/** The catalogue of a connection, or of the default one, in which these tables can be looked up; undefined while it is not known. */
export type CatalogueOf = (connection: string | undefined, tables: readonly TableName[]) => Catalogue | undefined;

let parser: Promise<SqlParser> | undefined;

/** Everything that is wrong with a spec: its shape always; its names and types where its database is known. */
export async function checkSpecText(text: string, catalogueOf: CatalogueOf): Promise<readonly Problem[]> {
  const document = readSpec(text);
  const connection = document.spec && onlyConnection(document.spec);
  const catalogue = connection && catalogueOf(connection.name, tablesOf(document.spec));
  if (!catalogue) return document.problems;
  const loaded = await (parser ??= loadSqlParser());
  return checkDocument(document, { catalogue, parser: loaded, compile: compileExpression }).problems;
}

/** Every table that the spec names, as far as its name can be read. */
function tablesOf({ sources, target, checks = [] }: Spec): readonly TableName[] {
  const references = checks.flatMap((check) => (check.kind === 'references' ? [check] : []));
  return [...sources, target, ...references].flatMap(({ table }) => parseTableName(table) ?? []);
}

/** The connection that the whole spec speaks of; undefined where there are several, which no one catalogue knows. */
function onlyConnection({ sources, target }: Spec): { readonly name: string | undefined } | undefined {
  const names = new Set([...sources, target].map(({ connection }) => connection));
  return names.size === 1 ? { name: [...names][0] } : undefined;
}
