// Runs a tool to its end: its output goes to the log file, its failure becomes one sentence.
import { spawn } from 'node:child_process';
import { classify, SetupError } from './failure.mjs';
import { kill, register } from './processes.mjs';
import { seconds } from './log.mjs';

const TAIL = 20_000;

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ log: import('./log.mjs').Log, what: string, cwd?: string, env?: NodeJS.ProcessEnv, uid?: number, gid?: number,
 *           timeoutMs?: number, input?: string }} options `what` names the step in the sentence
 * @returns {Promise<string>} what the tool printed (the end of it)
 */
export async function run(command, args, options) {
  const { log, what } = options;
  log.noise(`\n$ ${[command, ...args].join(' ')}\n`);
  const result = await execute(command, args, { ...options, onOutput: (text) => log.noise(text) });
  if (result.code === 0) return result.output;
  const reason = result.timedOut
    ? `it took longer than ${seconds(options.timeoutMs ?? 0)}.`
    : (classify(`${result.error ?? ''}\n${result.output}`) ?? `${result.error ?? `exit code ${result.code}`}.`);
  throw new SetupError(`${what} failed: ${lowerFirst(reason)}`, { log: log.file });
}

/**
 * @typedef {{ code: number | null, output: string, timedOut: boolean, error?: string }} Outcome
 *
 * Like `run`, but a failure is a value.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, uid?: number, gid?: number, timeoutMs?: number, input?: string,
 *           onOutput?: (text: string) => void }} [options]
 * @returns {Promise<Outcome>}
 */
export function execute(command, args, options = {}) {
  return new Promise((resolve) => {
    try {
      start(command, args, options, resolve);
    } catch (error) {
      // Some reasons not to start come as an event, some at once.
      resolve({ code: null, output: '', timedOut: false, error: String(error) });
    }
  });
}

/**
 * @param {string} command @param {readonly string[]} args
 * @param {NonNullable<Parameters<typeof execute>[2]>} options
 * @param {(outcome: Outcome) => void} resolve
 */
function start(command, args, { cwd, env, uid, gid, timeoutMs, input, onOutput }, resolve) {
  const detached = process.platform !== 'win32';
  const child = spawn(command, args, { cwd, env: env ?? process.env, uid, gid, detached, windowsHide: true });
  register({ child, signal: 'SIGTERM', guarded: false });
  let output = '';
  let timedOut = false;
  /** @param {string} text */
  const take = (text) => {
    output = (output + text).slice(-TAIL);
    onOutput?.(text);
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  child.stdin.on('error', () => {}).end(input ?? '');
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(() => ((timedOut = true), kill(child, 'SIGKILL')), timeoutMs);
  child.once('error', (error) => {
    clearTimeout(timer);
    resolve({ code: null, output, timedOut, error: error.message });
  });
  child.once('close', (code) => {
    clearTimeout(timer);
    resolve({ code, output, timedOut });
  });
}

/** @param {string} text */
function lowerFirst(text) {
  return /^[A-Z][a-z]/.test(text) ? text[0].toLowerCase() + text.slice(1) : text;
}
