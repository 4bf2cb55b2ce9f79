/** Ends a conversation in which nobody speaks any more. */
export interface IdleWatch {
  /** Aborted with the outer signal, or after the silence. */
  readonly signal: AbortSignal;
  /** Whether it was the silence. */
  readonly fellSilent: boolean;
  heard(): void;
  /** No more waiting: to be called whatever the end was. */
  end(): void;
}

export function watchIdle(outer: AbortSignal, ms: number): IdleWatch {
  const silence = new AbortController();
  const fall = (): void => {
    silence.abort(new Error(`Nothing came for ${Math.round(ms / 1000)} seconds.`));
  };
  let timer = setTimeout(fall, ms);
  return {
    signal: AbortSignal.any([outer, silence.signal]),
    get fellSilent() {
      return silence.signal.aborted;
    },
    heard() {
      clearTimeout(timer);
      timer = setTimeout(fall, ms);
    },
    end() {
      clearTimeout(timer);
    },
  };
}

/** The longest models think for a minute before the first word. */
export const idleLimitMs = 120_000;
