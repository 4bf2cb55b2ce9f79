import { format } from 'node:util';
import { ours } from '../printed.ts';

/** To the terminal: the window's own log takes the same road, and the mark tells the two apart. */
export const print = (...args: readonly unknown[]): void => {
  for (const line of format(...args).split('\n')) console.log(`${ours}${line}`);
};
