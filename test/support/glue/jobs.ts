import { randomBytes } from 'node:crypto';
import type { Job, JobHandle, JobProgress, JobWatch } from '../../../src/agents/engine.ts';

export const jobOf = (script: string, job: Partial<Job> = {}): Job => ({
  runId: `run-${randomBytes(6).toString('hex')}`,
  instant: '2026-01-02T03:04:05Z',
  script,
  ...job,
});

/** A watch that remembers what it was told. */
export interface Witness extends JobWatch {
  readonly lines: string[];
  readonly progress: JobProgress[];
  readonly handles: JobHandle[];
  readonly stop: () => void;
}

export function witness(onLine: (line: string, stop: () => void) => void = () => undefined): Witness {
  const abort = new AbortController();
  const [lines, progress, handles]: [string[], JobProgress[], JobHandle[]] = [[], [], []];
  const stop = (): void => {
    abort.abort();
  };
  return {
    lines,
    progress,
    handles,
    stop,
    signal: abort.signal,
    onOutput: (line) => {
      lines.push(line);
      onLine(line, stop);
    },
    onProgress: (each) => progress.push(each),
    onStarted: (handle) => handles.push(handle),
  };
}
