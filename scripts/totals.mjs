// Adding up what steps and suites say, and the table that ends a run.
import { seconds } from './setup/log.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {Counts & { name: string, ms: number, note?: string, failures: readonly string[] }} Result
 */

/** @param {readonly Counts[]} results @returns {Counts} */
export function totals(results) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of results) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return sum;
}

/**
 * The table, the failures by name, and at the very end the line that machines read.
 * @param {readonly Result[]} results
 */
export function report(results) {
  const rows = results.map(
    ({ name, ms, note, ...counts }) =>
      `${name.padEnd(14)} ${line(counts).padEnd(34)} ${seconds(ms)}${note ? `  ${note}` : ''}`,
  );
  const failures = results.flatMap(({ name, failures: titles }) => titles.map((title) => `  ${name}: ${title}`));
  const list = failures.length > 0 ? ['', 'Failed:', ...failures] : [];
  return ['', ...rows, ...list, '', line(totals(results))].join('\n');
}

/** @param {Counts} counts */
export function line({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * What a suite's result file and its end say together. A runner that crashed or wrote nothing never counts as passed.
 * @param {{ code: number | null, timedOut: boolean, text: string | undefined }} end
 * @returns {Counts & { failures: string[], note?: string }}
 */
export function judge({ code, timedOut, text }) {
  const result = text === undefined ? undefined : parse(text);
  const fault = timedOut ? 'ended by its time limit' : result === undefined ? 'left no result' : undefined;
  if (fault !== undefined || result === undefined) return broken(`${fault} (exit code ${code})`, result);
  if (result.failed === 0 && code !== 0) return broken(`its runner ended with exit code ${code}`, result);
  if (result.passed + result.failed + result.skipped === 0) return broken('ran no test', result);
  const { passed, failed, skipped } = result;
  return { passed, failed, skipped, failures: result.failures.map(({ title }) => title) };
}

/** @param {string} note @param {FileResult | undefined} [result] */
export function broken(note, result) {
  const { passed = 0, failed = 0, skipped = 0 } = result ?? {};
  const titles = result?.failures.map(({ title }) => title) ?? [];
  return { passed, failed: failed + 1, skipped, failures: [...titles, note], note };
}

/** @typedef {Counts & { failures: { title: string }[] }} FileResult */

/** @param {string} text @returns {FileResult | undefined} */
function parse(text) {
  try {
    const value = JSON.parse(text);
    const whole =
      ['passed', 'failed', 'skipped'].every((key) => Number.isInteger(value[key])) && Array.isArray(value.failures);
    return whole ? value : undefined;
  } catch {
    return undefined;
  }
}
