import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The end of the newest extension host log below the folder, for a message that explains a failure. */
export function hostLogTail(logs: string, lines = 40): string {
  const newest = hostLogFiles(logs).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
  return newest ? tail(newest, lines).replace(/^\tfile:.*\n/gm, '') : `no extension host log in ${logs}`;
}

/** Everything that the extension hosts have written below the folder. */
export function hostLog(logs: string): string {
  return hostLogFiles(logs)
    .map((file) => readFileSync(file, 'utf8'))
    .join('');
}

/** Every log that DataMorph's own channel has written below the folder. */
export function channelLog(logs: string): string {
  return logFiles(logs)
    .filter((file) => file.endsWith('DataMorph.log'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('');
}

export function keepLogs(logs: string, output: string): void {
  if (existsSync(logs)) cpSync(logs, join(output, 'logs'), { recursive: true });
}

const hostLogFiles = (logs: string): string[] => logFiles(logs).filter((file) => /(remote)?exthost\.log$/.test(file));

const logFiles = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

export const tail = (file: string, lines: number): string =>
  [`${file}:`, ...readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines)].join('\n');
