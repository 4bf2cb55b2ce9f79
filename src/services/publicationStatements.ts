/** The SQL of publication: the templates of python/datamorph/publication.json, filled for one target. */
import { createHash } from 'node:crypto';
import templates from '../../python/datamorph/publication.json' with { type: 'json' };
import type { PublicationColumn, PublicationTarget } from '../agents/publicationTarget.ts';
import { literal } from '../compiler/reference/identifier.ts';

/** What a run publishes; its twin is `Target` in python/datamorph/target.py. */
export interface Publication extends PublicationTarget {
  /** The run's instant in UTC, as the runtime writes it. */
  readonly instant: string;
  readonly runId: string;
}

/** A publication whose target's schema is known. */
export interface PlacedPublication extends Publication {
  readonly schema: string;
}

export type StatementName = keyof typeof templates.statements;

interface Values {
  readonly [name: string]: string | readonly Values[];
}

/** The statements of this name, ready to run. */
export function publicationStatements(publication: PlacedPublication, name: StatementName): readonly string[] {
  const values = valuesOf(publication);
  return templates.statements[name].map((lines) => fill(lines.join('\n'), values));
}

const hole = /\{(\w+):([^|}]*)(?:\|([^}]*))?\}|\$(\w+)/g;

/** One pass, so that what is put in is never read as a hole. */
function fill(template: string, values: Values): string {
  return template.replace(hole, (_, ...groups: readonly (string | undefined)[]) => {
    const [list, item, separator, word] = groups;
    const value = values[list ?? word ?? ''];
    if (value === undefined) throw new Error(`The template names ${list ?? word}, which the target does not have.`);
    if (typeof value === 'string') return value;
    return value.map((entry) => fill(item ?? '', { ...values, ...entry })).join(separator ?? ', ');
  });
}

function valuesOf(publication: PlacedPublication): Values {
  const { table, mode, runId, schema } = publication;
  const columns = publication.columns.map(({ name }) => columnValues(publication, name));
  const keys = publication.keys.map((name) => columnValues(publication, name));
  const others = publication.columns.map(({ name }) => name).filter((name) => !publication.keys.includes(name));
  const made = [...publication.columns, ...ownColumns(publication)];
  const stage = stageName(publication);
  const beside = (name: string): string => `${quoted(schema)}.${name}`;
  return {
    table,
    table_text: literal(table),
    schema_text: literal(quoted(schema)),
    stage: beside(stage),
    stage_text: literal(beside(stage)),
    stage_name: literal(stage),
    staging_comment: literal(`datamorph: staging of ${table}`),
    ledger: beside('datamorph_publication'),
    ledger_text: literal(beside('datamorph_publication')),
    run: literal(runId),
    mode: literal(mode),
    columns,
    keys,
    inserted: made.map(({ name }) => ({ text: literal(name) })),
    made: made.map(({ name, type }) => ({
      name: quoted(name),
      type,
      not_null: publication.required.includes(name) ? ' not null' : '',
    })),
    primary: primaryKey(publication),
    nothing: others.length > 0 ? [] : [{}],
    update: others.length > 0 ? [{}] : [],
    changes: others.map((name) => `${quoted(name)} = excluded.${quoted(name)}`).join(', '),
    ...historyValues(publication),
  };
}

function columnValues({ columns }: Publication, name: string): Values {
  const place = columns.findIndex((column) => column.name === name);
  return {
    name: quoted(name),
    text: literal(name),
    quoted_text: literal(quoted(name)),
    type: columns[place]?.type ?? 'text',
    staged: place < 0 ? '' : `c${place + 1}`,
  };
}

/** The history's own columns, where the rows do not bring them. */
function ownColumns({ history, columns }: Publication): readonly PublicationColumn[] {
  if (!history) return [];
  const moment = columns.find(({ name }) => name === history.validFrom)?.type ?? 'timestamptz';
  const wanted = [
    { name: history.validFrom, type: moment },
    { name: history.validTo, type: moment },
    ...(history.current === undefined ? [] : [{ name: history.current, type: 'boolean' }]),
  ];
  return wanted.filter(({ name }) => !columns.some((column) => column.name === name));
}

function primaryKey({ keys, history }: Publication): readonly Values[] {
  const names = [...keys, ...(history && keys.length > 0 ? [history.validFrom] : [])];
  return names.length > 0 ? [{ names: names.map(quoted).join(', ') }] : [];
}

function historyValues(publication: Publication): Values {
  const { history, columns, keys, instant } = publication;
  if (!history) return {};
  const own = [history.validFrom, history.validTo, history.current];
  const told = columns.map(({ name }) => name).filter((name) => !own.includes(name));
  const moment = columns.findIndex(({ name }) => name === history.validFrom);
  return {
    told: told.map((name) => columnValues(publication, name)),
    facts: told.filter((name) => !keys.includes(name)).map((name) => columnValues(publication, name)),
    current: history.current === undefined ? [] : [{ name: quoted(history.current) }],
    valid_from: quoted(history.validFrom),
    valid_to: quoted(history.validTo),
    moment: moment < 0 ? `${literal(instant)}::timestamptz` : `c${moment + 1}`,
    moment_type: columns[moment]?.type ?? 'timestamptz',
  };
}

/** One staging table a target and run, beside the target. */
const stageName = ({ table, runId }: Publication): string =>
  `datamorph_stage_${digest(table).slice(0, 8)}_${digest(runId).slice(0, 16)}`;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Always quoted, as the runtime does it. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
