import * as vscode from 'vscode';
import { escapeMarkdown } from './markdown.ts';

/** The runs of the workspace, as far as the tree needs them. */
export interface RunStore {
  list(): Promise<ShownRuns>;
}

export interface ShownRuns {
  readonly runs: readonly ShownRun[];
  readonly broken: readonly { readonly id: string; readonly reason: string }[];
}

export interface ShownRun {
  readonly id: string;
  readonly startedAt: string;
  readonly state: 'running' | 'waiting' | 'interrupted' | 'passed' | 'warned' | 'failed' | 'cancelled';
  readonly engine: string;
  readonly prompt?: string;
  readonly durationMs?: number;
  readonly verdict?: string;
  readonly files: readonly ShownRunFile[];
}

export interface ShownRunFile {
  readonly kind: 'spec' | 'script' | 'reference' | 'report' | 'other';
  readonly path: string;
}

export type RunNode =
  | { readonly kind: 'run'; readonly run: ShownRun }
  | { readonly kind: 'file'; readonly file: ShownRunFile }
  | { readonly kind: 'broken'; readonly id: string; readonly reason: string };

export const runNodes = ({ runs, broken }: ShownRuns): RunNode[] => [
  ...runs.map((run): RunNode => ({ kind: 'run', run })),
  ...broken.map((each): RunNode => ({ kind: 'broken', ...each })),
];

export const fileNodes = (run: ShownRun): RunNode[] => run.files.map((file) => ({ kind: 'file', file }));

export function runItem(node: RunNode): vscode.TreeItem {
  switch (node.kind) {
    case 'run':
      return itemOfRun(node.run);
    case 'file':
      return itemOfFile(node.file);
    case 'broken':
      return itemOfBroken(node.id, node.reason);
  }
}

const stateIcons = {
  running: ['sync~spin', undefined],
  waiting: ['question', undefined],
  interrupted: ['debug-disconnect', 'list.warningForeground'],
  passed: ['pass', 'testing.iconPassed'],
  warned: ['warning', 'list.warningForeground'],
  failed: ['error', 'testing.iconFailed'],
  cancelled: ['circle-slash', undefined],
} as const satisfies Record<ShownRun['state'], readonly [string, string | undefined]>;

function itemOfRun(run: ShownRun): vscode.TreeItem {
  const words = stateWords(run.state);
  const item = new vscode.TreeItem(run.prompt ?? run.id, vscode.TreeItemCollapsibleState.Collapsed);
  const [icon, color] = stateIcons[run.state];
  const started = new Date(run.startedAt).toLocaleString(vscode.env.language);
  const facts = [words, run.engine, run.durationMs === undefined ? undefined : duration(run.durationMs)];
  const line = facts.filter((fact) => fact !== undefined).join(' · ');
  item.id = run.id;
  item.description = line;
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  item.contextValue = `run.${run.state}`;
  item.tooltip = new vscode.MarkdownString(
    [run.prompt ?? run.id, line, started, run.verdict]
      .filter((part) => part !== undefined)
      .map(escapeMarkdown)
      .join('\n\n'),
  );
  item.accessibilityInformation = { label: `${run.prompt ?? run.id}, ${line}` };
  return item;
}

function stateWords(state: ShownRun['state']): string {
  switch (state) {
    case 'running':
      return vscode.l10n.t('running');
    case 'waiting':
      return vscode.l10n.t('waiting for you');
    case 'interrupted':
      return vscode.l10n.t('interrupted');
    case 'passed':
      return vscode.l10n.t('passed');
    case 'warned':
      return vscode.l10n.t('passed with warnings');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'cancelled':
      return vscode.l10n.t('cancelled');
  }
}

const duration = (ms: number): string =>
  new Intl.NumberFormat(vscode.env.language, { style: 'unit', unit: 'second', maximumFractionDigits: 1 }).format(
    ms / 1000,
  );

function itemOfFile(file: ShownRunFile): vscode.TreeItem {
  const uri = vscode.Uri.file(file.path);
  const item = new vscode.TreeItem(uri, vscode.TreeItemCollapsibleState.None);
  item.id = file.path;
  item.description = fileWords(file.kind);
  item.contextValue = 'runFile';
  item.command = { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [uri] };
  return item;
}

function fileWords(kind: ShownRunFile['kind']): string {
  switch (kind) {
    case 'spec':
      return vscode.l10n.t('spec');
    case 'script':
      return vscode.l10n.t('PySpark');
    case 'reference':
      return vscode.l10n.t('reference SQL');
    case 'report':
      return vscode.l10n.t('report');
    case 'other':
      return '';
  }
}

function itemOfBroken(id: string, reason: string): vscode.TreeItem {
  const item = new vscode.TreeItem(id, vscode.TreeItemCollapsibleState.None);
  item.id = id;
  item.description = vscode.l10n.t('cannot be read: {0}', reason);
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.tooltip = new vscode.MarkdownString(escapeMarkdown(reason));
  item.contextValue = 'broken';
  return item;
}
