import * as vscode from 'vscode';
import {
  isEmptyCatalogue,
  type Catalogue,
  type CatalogueColumn,
  type CatalogueSchema,
  type CatalogueTable,
} from '../spec/catalogue.ts';
import { wantsPassword, type ShownConnection } from './connectionPort.ts';
import { escapeMarkdown } from './markdown.ts';

/** The Schema tree as data: which nodes there are, and how each looks. No event and no tree API in here. */
export type SchemaNode =
  | { readonly kind: 'connection'; readonly entry: ShownConnection }
  | {
      readonly kind: 'schema';
      readonly connection: string;
      readonly schema: string;
      readonly tables: readonly CatalogueTable[];
      /** Left for later; its tables are read when somebody looks. */
      readonly unread?: CatalogueSchema;
    }
  | { readonly kind: 'relation'; readonly connection: string; readonly table: CatalogueTable }
  | {
      readonly kind: 'column';
      readonly connection: string;
      readonly table: CatalogueTable;
      readonly column: CatalogueColumn;
    }
  | {
      readonly kind: 'message';
      readonly parent: string;
      readonly text: string;
      readonly icon: string;
      readonly command?: NodeCommand;
    };

export interface NodeCommand {
  readonly command: string;
  readonly title: string;
  readonly arguments?: readonly unknown[];
}

export interface NodeLook {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly icon: string;
  readonly color?: string;
  /** Markdown, every foreign word in it escaped. */
  readonly tooltip?: string;
  readonly context: string;
  readonly expands: 'no' | 'collapsed' | 'expanded';
  readonly command?: NodeCommand;
  /** What a screen reader says. */
  readonly spoken: string;
}

export function childrenOf(node: SchemaNode): readonly SchemaNode[] {
  switch (node.kind) {
    case 'connection':
      return childrenOfConnection(node.entry);
    case 'schema':
      if (node.unread) return [loadingNode(JSON.stringify([node.connection, node.schema]))];
      return node.tables.map((table) => ({ kind: 'relation', connection: node.connection, table }));
    case 'relation':
      return node.table.columns.map((column) => ({ ...node, kind: 'column', column }));
    case 'column':
    case 'message':
      return [];
  }
}

/** The node that a node stands below. */
export function parentOf(node: SchemaNode, entries: readonly ShownConnection[]): SchemaNode | undefined {
  if (node.kind === 'connection' || node.kind === 'message') return undefined;
  if (node.kind === 'column') return { kind: 'relation', connection: node.connection, table: node.table };
  const entry = entries.find(({ settings }) => settings.name === node.connection);
  if (!entry) return undefined;
  const connection: SchemaNode = { kind: 'connection', entry };
  if (node.kind === 'schema') return connection;
  return childrenOf(connection).find((each) => each.kind === 'schema' && each.schema === node.table.schema);
}

/** The node of a table, where it is known. */
export function relationNode(
  entries: readonly ShownConnection[],
  { connection, ...name }: { readonly connection: string; readonly schema: string; readonly name: string },
): SchemaNode | undefined {
  const entry = entries.find(({ settings }) => settings.name === connection);
  const table = entry?.state.kind === 'ready' ? entry.state.catalogue.find(name) : undefined;
  return table && { kind: 'relation', connection, table };
}

/** The name that "Copy Name" puts on the clipboard, quoted where SQL needs it. */
export function copyNameOf(node: SchemaNode): string | undefined {
  switch (node.kind) {
    case 'schema':
      return quoteIdentifier(node.schema);
    case 'relation':
      return `${quoteIdentifier(node.table.schema)}.${quoteIdentifier(node.table.name)}`;
    case 'column':
      return quoteIdentifier(node.column.name);
    case 'connection':
      return node.entry.settings.name;
    case 'message':
      return undefined;
  }
}

const quoteIdentifier = (name: string): string =>
  /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

function childrenOfConnection({ settings, state }: ShownConnection): readonly SchemaNode[] {
  const parent = settings.name;
  switch (state.kind) {
    case 'idle':
    case 'connecting':
      return [{ kind: 'message', parent, text: vscode.l10n.t('Connecting…'), icon: 'loading~spin' }];
    case 'failed': {
      const text = vscode.l10n.t(state.failure.template, state.failure.values);
      return [{ kind: 'message', parent, text, icon: 'error', command: wayOut(settings.name, wantsPassword(state)) }];
    }
    case 'ready':
      return isEmptyCatalogue(state.catalogue) ? [emptyNode(parent)] : schemasOf(parent, state.catalogue);
  }
}

const wayOut = (connection: string, password: boolean): NodeCommand =>
  password
    ? { command: 'datamorph.enterPassword', title: vscode.l10n.t('Enter Password…'), arguments: [connection] }
    : { command: 'datamorph.reconnect', title: vscode.l10n.t('Reconnect'), arguments: [connection] };

const loadingNode = (parent: string): SchemaNode => ({
  kind: 'message',
  parent,
  text: vscode.l10n.t('Loading…'),
  icon: 'loading~spin',
});

const emptyNode = (parent: string): SchemaNode => ({
  kind: 'message',
  parent,
  text: vscode.l10n.t('This user may see no table here.'),
  icon: 'info',
  command: { command: 'datamorph.refreshSchema', title: vscode.l10n.t('Refresh Schema'), arguments: [parent] },
});

function schemasOf(connection: string, { tables, schemas = [] }: Catalogue): readonly SchemaNode[] {
  const bySchema = new Map<string, CatalogueTable[]>(schemas.map(({ name }) => [name, []]));
  const unread = new Map(schemas.filter(({ loaded }) => !loaded).map((schema) => [schema.name, schema]));
  for (const table of tables) {
    const list = bySchema.get(table.schema) ?? [];
    list.push(table);
    bySchema.set(table.schema, list);
  }
  return [...bySchema].map(([schema, list]) => {
    const later = unread.get(schema);
    return { kind: 'schema', connection, schema, tables: list, ...(later && { unread: later }) };
  });
}

/** How a node looks. `only` is true where the node has no siblings worth choosing between: it opens by itself. */
export function lookOf(node: SchemaNode, only = false): NodeLook {
  switch (node.kind) {
    case 'connection':
      return connectionLook(node.entry, only);
    case 'schema':
      return schemaLook(node, only);
    case 'relation':
      return relationLook(node.connection, node.table);
    case 'column':
      return columnLook(node.connection, node.table, node.column);
    case 'message':
      return {
        id: `${node.parent}/message`,
        label: node.text,
        icon: node.icon,
        ...(node.icon === 'error' ? { color: 'list.errorForeground' } : {}),
        tooltip: escapeMarkdown(node.text),
        context: 'message',
        expands: 'no',
        ...(node.command ? { command: node.command } : {}),
        spoken: node.text,
      };
  }
}

function connectionLook({ settings, state }: ShownConnection, only: boolean): NodeLook {
  const { name, host, port, database, user } = settings;
  const words = connectionWords(state);
  return {
    id: name,
    label: name,
    description: words,
    icon: state.kind === 'failed' ? 'error' : 'database',
    ...(state.kind === 'failed' ? { color: 'list.errorForeground' } : {}),
    tooltip: `**${escapeMarkdown(name)}**\n\n${escapeMarkdown(`${user}@${host}:${port}/${database}`)}\n\n${escapeMarkdown(words)}`,
    context: wantsPassword(state) ? 'connection.password' : `connection.${state.kind}`,
    // Of the only one the view itself says why it failed; others say it below them.
    expands: state.kind === 'failed' ? (only ? 'no' : 'expanded') : only ? 'expanded' : 'collapsed',
    spoken: vscode.l10n.t('Connection {0}, {1}', name, words),
  };
}

function connectionWords(state: ShownConnection['state']): string {
  switch (state.kind) {
    case 'idle':
      return vscode.l10n.t('not connected');
    case 'connecting':
      return vscode.l10n.t('connecting…');
    case 'ready':
      return `PostgreSQL ${state.serverVersion}`;
    case 'failed':
      return vscode.l10n.t('not connected');
  }
}

function schemaLook(
  { connection, schema, tables, unread }: Extract<SchemaNode, { kind: 'schema' }>,
  only: boolean,
): NodeLook {
  const words = countWords(unread ?? countsOf(tables));
  return {
    id: JSON.stringify([connection, schema]),
    label: schema,
    description: words,
    icon: 'symbol-namespace',
    context: 'schema',
    expands: only || schema === 'public' ? 'expanded' : 'collapsed',
    spoken: vscode.l10n.t('Schema {0}, {1}', schema, words),
  };
}

function countsOf(relations: readonly CatalogueTable[]): Pick<CatalogueSchema, 'tables' | 'views'> {
  const views = relations.filter(({ kind }) => kind === 'view' || kind === 'materialized view').length;
  return { tables: relations.length - views, views };
}

/** For example `9 tables, 3 views`. */
function countWords({ tables, views }: Pick<CatalogueSchema, 'tables' | 'views'>): string {
  const parts = [
    tables === 1 ? vscode.l10n.t('1 table') : vscode.l10n.t('{0} tables', tables),
    views === 1 ? vscode.l10n.t('1 view') : vscode.l10n.t('{0} views', views),
  ];
  return parts.filter((_, index) => [tables, views][index] !== 0).join(', ');
}

const relationIcons = {
  table: 'table',
  'partitioned table': 'layers',
  'foreign table': 'link-external',
  view: 'eye',
  'materialized view': 'save-all',
} as const satisfies Record<CatalogueTable['kind'], string>;

function relationLook(connection: string, table: CatalogueTable): NodeLook {
  const rows = table.rowEstimate === undefined ? undefined : vscode.l10n.t('~{0} rows', compact(table.rowEstimate));
  return {
    id: JSON.stringify([connection, table.schema, table.name]),
    label: table.name,
    ...(rows === undefined ? {} : { description: rows }),
    icon: relationIcons[table.kind],
    tooltip: relationTooltip(table, rows),
    context: 'relation',
    expands: 'collapsed',
    spoken: [relationKind(table.kind), table.name, rows].filter((part) => part !== undefined).join(', '),
  };
}

function relationKind(kind: CatalogueTable['kind']): string {
  switch (kind) {
    case 'table':
      return vscode.l10n.t('table');
    case 'view':
      return vscode.l10n.t('view');
    case 'materialized view':
      return vscode.l10n.t('materialized view');
    case 'partitioned table':
      return vscode.l10n.t('partitioned table');
    case 'foreign table':
      return vscode.l10n.t('foreign table');
  }
}

function relationTooltip(table: CatalogueTable, rows: string | undefined): string {
  const size = table.sizeBytes === undefined ? undefined : bytes(table.sizeBytes);
  const facts = [relationKind(table.kind), rows, size].filter((fact) => fact !== undefined).join(' · ');
  const lines = [`**${escapeMarkdown(`${table.schema}.${table.name}`)}**`, escapeMarkdown(facts)];
  if (table.comment !== undefined) lines.push(escapeMarkdown(table.comment));
  if (table.primaryKey) lines.push(escapeMarkdown(vscode.l10n.t('Primary key: {0}', table.primaryKey.join(', '))));
  for (const { columns, references } of table.foreignKeys) {
    const there = `${references.schema}.${references.table} (${references.columns.join(', ')})`;
    lines.push(escapeMarkdown(`${columns.join(', ')} → ${there}`));
  }
  return lines.join('\n\n');
}

function columnLook(connection: string, table: CatalogueTable, column: CatalogueColumn): NodeLook {
  const key = keyOf(table, column.name);
  const notNull = column.nullable ? undefined : vscode.l10n.t('not null');
  const description = [column.type, key?.words, key?.icon === 'key' ? undefined : notNull];
  const facts = [column.type, key?.words, notNull].filter((fact) => fact !== undefined).join(' · ');
  const lines = [`**${escapeMarkdown(column.name)}**`, escapeMarkdown(facts)];
  if (column.comment !== undefined) lines.push(escapeMarkdown(column.comment));
  return {
    id: JSON.stringify([connection, table.schema, table.name, column.name]),
    label: column.name,
    description: description.filter((part) => part !== undefined).join(' · '),
    icon: key?.icon ?? 'symbol-field',
    tooltip: lines.join('\n\n'),
    context: 'column',
    expands: 'no',
    spoken: [vscode.l10n.t('column'), column.name, facts].join(', '),
  };
}

function keyOf(table: CatalogueTable, column: string): { readonly words: string; readonly icon: string } | undefined {
  if (table.primaryKey?.includes(column)) return { words: vscode.l10n.t('primary key'), icon: 'key' };
  const foreign = table.foreignKeys.find(({ columns }) => columns.includes(column));
  if (foreign) {
    const there = foreign.references.columns[foreign.columns.indexOf(column)] ?? '';
    return { words: `→ ${foreign.references.table}.${there}`, icon: 'references' };
  }
  if (table.uniqueKeys.some((key) => key.includes(column)))
    return { words: vscode.l10n.t('unique'), icon: 'symbol-key' };
  return undefined;
}

const compact = (count: number): string =>
  new Intl.NumberFormat(vscode.env.language, { notation: 'compact', maximumFractionDigits: 1 }).format(count);

function bytes(size: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const step = size < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(size) / 3));
  const format = { style: 'unit', unit: units[step] ?? 'byte', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(vscode.env.language, format).format(size / 1000 ** step);
}
