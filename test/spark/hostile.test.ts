/** Names and texts that try to break out of a string or an identifier, through both engines and back into the target. */
import assert from 'node:assert/strict';
import { identifier } from '../../src/compiler/reference/identifier.ts';
import { targetNames } from '../../src/compiler/reference/expected.ts';
import { startWorld, type Database, type World } from './support/world.ts';

const names = [
  `quote"s`,
  `quote's`,
  `"); drop table victims; --`,
  `'); drop table victims; --`,
  'line\nbreak',
  'tab\tand\rreturn',
  '$dollar',
  '${env:HOME}',
  '{braces}',
  'back\\slash\\n',
  '\\" + __import__("os").abort() + "',
  '🙂 emoji',
  'e\u0301 combining',
  '\u202eright to left',
  'select',
  '__import__',
  'F',
  'job',
  'None',
  'a.b',
  'back`tick',
  ' blank ',
  'Upper',
  'upper',
  '--comment',
  '/*comment',
  ':run_instant',
  '%s',
  '?',
  'x'.repeat(63),
  'é'.repeat(31),
];

const q = identifier;
const quotedAlways = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

const setUp = `
  create table victims (n integer);
  create table ${quotedAlways(names[0] ?? '')} (key integer, ${names.map((name) => `${quotedAlways(name)} text`).join(', ')});
  insert into ${quotedAlways(names[0] ?? '')}
  select n, ${names.map((name, at) => `case when n % ${at + 2} = 0 then null else ${text(name)} || n end`).join(', ')}
  from generate_series(1, 12) n`;

describe('hostile names', function () {
  this.timeout(180_000);
  let world: World;
  let database: Database;

  before(async () => {
    world = await startWorld();
    database = await world.database('hostile', setUp);
  });
  after(() => world.stop());

  it('mean what they say in both engines', async () => {
    const spec = hostileSpec();
    const { compiled, failure } = await database.run(JSON.stringify(spec));
    assert.equal(failure, null, `${failure ?? ''}\n${compiled.pyspark?.text ?? ''}`);
    assert.ok(compiled.resolved && compiled.reference?.sql !== undefined);
    const columns = targetNames(compiled.resolved.target).map(quotedAlways).join(', ');
    const target = `select ${columns} from public.${quotedAlways('target"; drop')}`;
    const reference = `select ${columns} from (${compiled.reference.sql}) as r`;
    assert.deepEqual(await database.difference(target, reference), [], compiled.pyspark?.text);
    const { rows } = await database.client.query<{ rows: string }>(`select count(*) as rows from (${target}) as t`);
    assert.equal(rows[0]?.rows, '24');
    await database.client.query('select n from victims');
  });
});

/** Every name as a source, a step, a column, a new column, a value and a key. */
function hostileSpec(): object {
  const source = names[0] ?? '';
  const steps: object[] = [];
  let last = source;
  const put = (step: object): void => {
    // Steps share names with columns, not with the source.
    const name = names[steps.length + 1] ?? '';
    steps.push({ name, note: `"""\n${name}`, ...step });
    last = name;
  };
  put({
    kind: 'derive',
    from: last,
    columns: names
      .map((name) => ({ name: `new ${name}`.slice(0, 20), expr: `coalesce(${q(name)}, ${text(name)})` }))
      .filter(distinctNames),
  });
  put({
    kind: 'filter',
    from: last,
    where: names.map((name) => `${q(name)} is distinct from ${text(name)}`).join(' and '),
  });
  put({ kind: 'rename', from: last, columns: [{ from: 'select', to: 'from' }] });
  put({
    kind: 'window',
    from: last,
    columns: [{ name: 'it\'s "new"', expr: `row_number() over (partition by ${q('quote"s')} order by key)` }],
  });
  put({ kind: 'dedupe', from: last, keys: ['key', 'a.b'], order: [{ expr: q('back`tick') }, { expr: 'key' }] });
  put({
    kind: 'fill',
    from: last,
    columns: [{ name: '${env:HOME}', with: { carry: 'forward' } }],
    orderBy: [{ expr: 'key' }],
    partitionBy: ['?'],
  });
  const before = last;
  put({
    kind: 'join',
    left: last,
    right: source,
    leftAs: 'l"',
    rightAs: 'r`',
    how: 'left',
    on: [{ left: 'key', right: 'key' }],
    columns: [{ name: 'key' }, ...names.map((name) => ({ name, expr: `${q('r`')}.${q(name)}` }))],
  });
  put({
    kind: 'aggregate',
    from: last,
    by: [{ name: 'key' }],
    columns: names.map((name) => ({ name, expr: `max(${q(name)})` })),
  });
  put({
    kind: 'unpivot',
    from: last,
    columns: [names[2], names[4]],
    nameColumn: 'which "one"',
    valueColumn: '{value}',
    keepNulls: true,
  });
  put({
    kind: 'sql',
    inputs: [last, before],
    query: `select a.*, ${text('{x} ${env:HOME} \\')} as "{lit}" from ${quotedAlways(last)} as a left join ${quotedAlways(before)} as "b\`" on "b\`".key = a.key`,
  });
  const kept = names.filter((_, at) => at !== 2 && at !== 4);
  const columns = ['key', ...kept, 'which "one"', '{value}', '{lit}'];
  return {
    version: 1,
    name: names[2],
    prompt: `"""\n${names.join(' ')}`,
    sources: [{ name: source, table: `public.${quotedAlways(source)}` }],
    steps,
    target: {
      table: `public.${quotedAlways('target"; drop')}`,
      from: last,
      mode: 'replace',
      columns: columns.map((name) => ({ name, type: name === 'key' ? 'integer' : 'text' })),
    },
  };
}

const distinctNames = (
  { name }: { readonly name: string },
  at: number,
  all: readonly { readonly name: string }[],
): boolean => all.findIndex((other) => other.name === name) === at;
