import type { CatalogueIndex, CatalogueTable } from '../../spec/catalogue.ts';
import { quoted, quotedName } from '../quoted.ts';
import { renderTable } from '../schemaSlice/render.ts';
import type { ObjectDetails } from './cataloguePort.ts';

const longestView = 3000;

/** Everything about one table or view, as a model reads it. */
export function describeObject(table: CatalogueTable, details: ObjectDetails | undefined): string {
  return [
    renderTable(table, 'whole', () => true),
    ...(table.indexes ?? []).filter(({ unique }) => !unique).map(index),
    ...(details ? told(details) : []),
  ].join('\n');
}

function index({ columns, definition }: CatalogueIndex): string {
  return `  index ${definition === undefined ? `(${columns.map(quotedName).join(', ')})` : quoted(definition)}`;
}

function told({ viewSql, analyzed, changedSince, latest }: ObjectDetails): readonly string[] {
  const changes = changedSince === undefined ? '' : `, ${changedSince} rows changed since`;
  return [
    ...(analyzed === undefined ? [] : [`  statistics of ${analyzed}${changes}`]),
    ...(latest ? [`  latest ${quotedName(latest.column)}: ${quoted(latest.value)}`] : []),
    ...(viewSql === undefined ? [] : [`  view: ${quoted(viewSql, longestView)}`]),
  ];
}
