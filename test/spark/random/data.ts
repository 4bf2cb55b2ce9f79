import { Chance } from './chance.ts';
import { randomTables } from './generate.ts';

/** Few values, many NULLs and repetitions, so that keys meet and groups are uneven. */
export function randomData(seed: number): string {
  const chance = new Chance(seed);
  const orNull = (text: string): string => (chance.maybe(0.2) ? 'null' : text);
  const kinds: Readonly<Record<string, () => string>> = {
    integer: () => orNull(String(chance.between(-3, 12))),
    bigint: () => orNull(String(chance.pick([0, 1, 5, 5_000_000_000]))),
    numeric: () => orNull((chance.between(-2000, 20_000) / 100).toFixed(2)),
    text: () => orNull(chance.pick(["'a'", "'b'", "''", "'a '", "'Ä'", "'b%'", "'ab'"])),
    boolean: () => orNull(String(chance.maybe(0.5))),
    date: () => orNull(`'2026-0${chance.between(1, 4)}-${chance.between(10, 28)}'`),
    timestamp: () => orNull(`'2026-03-${chance.between(28, 30)} 0${chance.between(0, 9)}:30:00'`),
  };
  const types: Readonly<Record<string, string>> = { numeric: 'numeric(10,2)' };
  return Object.entries(randomTables)
    .map(([table, columns]) => {
      const create = `create table ${table} (${columns.map(({ name, kind }) => `${name} ${types[kind] ?? kind}`).join(', ')});`;
      const rows = Array.from({ length: 24 }, (_, at) =>
        table === 'nodes'
          ? `(${at}, ${at % 5 === 0 ? 'null' : Math.floor(at / 3)}, ${kinds['text']?.() ?? ''})`
          : `(${columns.map(({ kind }) => kinds[kind]?.() ?? 'null').join(', ')})`,
      );
      return `${create}\ninsert into ${table} values ${rows.join(', ')};`;
    })
    .join('\n');
}
