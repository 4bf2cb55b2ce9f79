import type { ToolShape } from '../model.ts';

const text = (description: string) => ({ type: 'string', description });
const names = (description: string) => ({ type: 'array', items: { type: 'string' }, description });

function tool(name: string, description: string, properties: Readonly<Record<string, unknown>>): ToolShape {
  const schema = { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
  return { name, description, schema };
}

/** Always the same, whatever may be looked up in this run: a provider caches them with the system prompt. */
export const lookupTools: readonly ToolShape[] = [
  tool('search_catalogue', 'Tables and views whose names, comments or columns speak of these words.', {
    words: text('A few words, such as `shipment carrier delay`.'),
  }),
  tool(
    'describe_objects',
    'All columns, types, comments, keys, indexes, the SQL of views, sizes and freshness of tables and views.',
    { tables: names('At most six names, as `schema.table`.') },
  ),
  tool(
    'read_values',
    'Rows of a small code or definition table, or the most frequent values of columns of a big one. Personal data is masked.',
    { table: text('One name, as `schema.table`.'), columns: names('At most eight of its columns.') },
  ),
  tool('glossary', "What the workspace's own glossary says about a term.", { term: text('A word or a few.') }),
];
