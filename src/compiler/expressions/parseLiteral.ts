/** Constants, as PostgreSQL's parse tree has them. */
import { child, type Node } from './parseTree.ts';
import { Refusal, type Place } from './refusal.ts';
import type { Literal } from './syntax.ts';

export function literal(fields: Node, at: Place): Literal {
  if (fields['isnull'] === true) return { kind: 'null' };
  if (fields['boolval'] !== undefined) return { kind: 'boolean', value: child(fields, 'boolval')['boolval'] === true };
  if (fields['ival'] !== undefined) return { kind: 'integer', text: written(child(fields, 'ival')['ival'], '0') };
  if (fields['fval'] !== undefined) return number(String(child(fields, 'fval')['fval']));
  if (fields['sval'] !== undefined) return { kind: 'string', text: written(child(fields, 'sval')['sval'], '') };
  throw new Refusal('not-translatable', at, 'Bit strings cannot be translated: use bytea or text.');
}

/** The tree leaves zero and the empty text out. */
const written = (value: unknown, otherwise: string): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise;

function number(digits: string): Literal {
  const text = digits.replaceAll('_', '');
  return /^-?(\d+|0[xob][0-9a-f]+)$/i.test(text)
    ? { kind: 'integer', text: text.startsWith('-') ? `-${BigInt(text.slice(1))}` : String(BigInt(text)) }
    : { kind: 'decimal', text };
}
