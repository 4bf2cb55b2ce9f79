import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import type { SqlParser } from '../compiler/expressions/contract.ts';
import { utf16Offset } from './utf16.ts';

/**
 * PostgreSQL's own grammar. The package finds its `.wasm` beside the script that it runs in, so a bundle has to carry
 * `libpg-query.wasm` in the folder of its output files.
 */
export async function loadSqlParser(): Promise<SqlParser> {
  await loadModule();
  return { parse };
}

function parse(sql: string): ReturnType<SqlParser['parse']> {
  // The grammar reads C strings, so it would silently stop at a NUL.
  const nul = sql.indexOf('\0');
  if (nul >= 0) return { error: 'a NUL character cannot stand in SQL', position: nul };
  try {
    return { tree: parseSync(sql) };
  } catch (error) {
    if (hasSqlDetails(error)) {
      const { message, cursorPosition } = error.sqlDetails ?? { message: error.message, cursorPosition: 0 };
      return { error: message, position: utf16Offset(sql, cursorPosition) };
    }
    if (error instanceof Error) return { error: error.message, position: 0 };
    throw error;
  }
}
