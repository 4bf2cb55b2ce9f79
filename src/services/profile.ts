import type pg from 'pg';
import { createMasker } from '../agents/personalData/masker.ts';
import { summariseColumn } from '../agents/profile/summarise.ts';
import type { ColumnStatistics, TableProfile } from '../agents/profile/tableProfile.ts';
import { identifier, tableIdentifier } from '../compiler/reference/identifier.ts';
import type { CatalogueTable } from '../spec/catalogue.ts';
import { isDatabaseError } from './databaseFailure.ts';
import type { Postgres } from './postgres.ts';

export interface ProfileOptions {
  readonly signal?: AbortSignal;
  /** How long the sample may take; then the statistics have to do. */
  readonly timeoutMs?: number;
  readonly sampleRows?: number;
  /** Shows personal data; it is masked unless somebody asks for it. */
  readonly unmasked?: boolean;
}

/** Looks into a table without reading it whole: PostgreSQL's own statistics, and a sample of rows as far as time allows. */
export async function profileTable(
  database: Pick<Postgres, 'query' | 'readOnly'>,
  table: CatalogueTable,
  options: ProfileOptions = {},
): Promise<TableProfile> {
  const statistics = await readStatistics(database, table, options);
  const sample = await readSample(database, table, options);
  const rows = sample.isWhole ? sample.rows.length : table.rowEstimate;
  const masker = options.unmasked ? undefined : createMasker();
  return {
    ...(rows === undefined ? {} : { rows }),
    basis: sample.isWhole ? 'all rows' : sample.rows.length > 0 ? 'sample' : 'statistics',
    sampledRows: sample.rows.length,
    ...(sample.note === undefined ? {} : { note: sample.note }),
    columns: table.columns.map(({ name, type }, at) => {
      const known = statistics.get(name);
      return summariseColumn({
        column: { name, type },
        table: table.name,
        values: sample.rows.map((row) => row[at] ?? null),
        isWhole: sample.isWhole,
        ...(known && { statistics: known }),
        ...(rows !== undefined && { rows }),
        ...(masker && { masker }),
      });
    }),
  };
}

interface StatisticsRow {
  readonly name: string;
  readonly nulls: number;
  readonly distinct: number;
  readonly common: readonly string[] | null;
  readonly frequencies: readonly number[] | null;
  readonly lowest: string | null;
  readonly highest: string | null;
}

/** Of a partitioned table those of all its partitions together, where they were gathered. */
const statisticsQuery = `select distinct on (attname) attname as name, null_frac as nulls, n_distinct as distinct,
  (most_common_vals::text::text[])[1:10] as common, most_common_freqs[1:10] as frequencies,
  (histogram_bounds::text::text[])[1] as lowest,
  (histogram_bounds::text::text[])[array_upper(histogram_bounds::text::text[], 1)] as highest
from pg_catalog.pg_stats where schemaname = $1 and tablename = $2
order by attname, inherited desc`;

async function readStatistics(
  database: Pick<Postgres, 'query'>,
  { schema, name }: CatalogueTable,
  { signal }: ProfileOptions,
): Promise<ReadonlyMap<string, ColumnStatistics>> {
  const values = [schema, name];
  const rows = await database.query<StatisticsRow>(statisticsQuery, { values, ...(signal ? { signal } : {}) });
  return new Map(
    rows.map(({ name: column, nulls, distinct, common, frequencies, lowest, highest }) => [
      column,
      {
        nullShare: nulls,
        distinct,
        common: common ?? [],
        frequencies: frequencies ?? [],
        ...(lowest === null ? {} : { lowest }),
        ...(highest === null ? {} : { highest }),
      },
    ]),
  );
}

interface Sample {
  readonly rows: readonly (readonly (string | null)[])[];
  readonly isWhole: boolean;
  readonly note?: string;
}

const defaults = { timeoutMs: 3000, sampleRows: 1000 } as const;

async function readSample(
  database: Pick<Postgres, 'readOnly'>,
  table: CatalogueTable,
  { signal, timeoutMs = defaults.timeoutMs, sampleRows = defaults.sampleRows }: ProfileOptions,
): Promise<Sample> {
  try {
    return await database.readOnly(
      async (client) => {
        const share = shareOf(table, sampleRows);
        const picked =
          share === undefined ? [] : await read(client, table, `tablesample system (${share}) limit ${sampleRows}`);
        if (picked.length > 0) return { rows: picked, isWhole: false };
        const rows = await read(client, table, `limit ${sampleRows + 1}`);
        return { rows: rows.slice(0, sampleRows), isWhole: rows.length <= sampleRows };
      },
      { timeoutMs, ...(signal ? { signal } : {}) },
    );
  } catch (error) {
    if (!isDatabaseError(error) || error.code !== 'statement-timeout') throw error;
    const note = `A sample was not there within ${timeoutMs / 1000} s; these are PostgreSQL's own statistics.`;
    return { rows: [], isWhole: false, note };
  }
}

/** Percent of the pages that hold about twice the rows that are wanted; undefined where the first rows have to do. */
function shareOf({ kind, rowEstimate, sizeBytes }: CatalogueTable, sampleRows: number): number | undefined {
  if (kind === 'view' || kind === 'foreign table') return undefined;
  const rows = rowEstimate ?? (sizeBytes ?? 0) / 100;
  const percent = (200 * sampleRows) / rows;
  return percent >= 100 ? undefined : Number(percent.toPrecision(3));
}

/** No value is longer than this here: a profile is looked at. */
const longest = 200;

async function read(
  client: pg.ClientBase,
  { schema, name, columns }: CatalogueTable,
  how: string,
): Promise<readonly (readonly (string | null)[])[]> {
  const list = columns.map((column) => `left(${identifier(column.name)}::text, ${longest})`).join(', ');
  const text = `select ${list} from ${tableIdentifier({ schema, name })} ${how}`;
  return (await client.query<(string | null)[]>({ text, rowMode: 'array' })).rows;
}
