/** Waits for `work`, but no longer than the signal allows; what arrives too late is handed to `discard`. */
export function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  discard: (late: T) => void,
): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => {
      reject(abortError(signal));
      work.then(discard, () => undefined);
    };
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}

export const abortError = (signal: AbortSignal): Error =>
  Object.assign(new Error('The work was cancelled.', { cause: signal.reason }), { code: 'ABORT_ERR' });
