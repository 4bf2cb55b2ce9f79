import type { JobProgress } from '../agents/engine.ts';

/** One line that changes, on a terminal; nothing where nobody looks. */
export interface Progress {
  show(progress: JobProgress): void;
  /** Makes room for a line that stays. */
  clear(): void;
}

interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const silent: Progress = { show: () => undefined, clear: () => undefined };

export function createProgress(screen: Screen): Progress {
  if (!screen.isTTY) return silent;
  let isShown = false;
  return {
    show(progress) {
      isShown = true;
      screen.write(`\r\u001b[2K${progressText(progress, screen.columns ?? 80)}`);
    },
    clear() {
      if (isShown) screen.write('\r\u001b[2K');
      isShown = false;
    },
  };
}

const barWidth = 24;

export function progressText({ phase, detail, tasks }: JobProgress, columns: number): string {
  const words = [phase, detail].filter((each) => each !== undefined).join(': ');
  if (!tasks || tasks.total === 0) return words.slice(0, columns - 1);
  const done = Math.min(Math.round((tasks.done / tasks.total) * barWidth), barWidth);
  const bar = `${'█'.repeat(done)}${'░'.repeat(barWidth - done)}`;
  return `${bar} ${tasks.done}/${tasks.total}  ${words}`.slice(0, columns - 1);
}
