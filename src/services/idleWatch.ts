/** Ends a conversation in which nobody speaks any more. */
export interface IdleWatch {
  /** Aborted with the outer signal, after the silence, and by `end`: nothing stays open on the wire. */
  readonly signal: AbortSignal;
  heard(): void;
  /** To be called whatever the end was. */
  end(): void;
}

export function watchIdle(outer: AbortSignal, ms: number): IdleWatch {
  const inner = new AbortController();
  const fall = (): void => {
    inner.abort(new Error(silenceText(ms)));
  };
  let timer = setTimeout(fall, ms);
  return {
    signal: AbortSignal.any([outer, inner.signal]),
    heard() {
      clearTimeout(timer);
      timer = setTimeout(fall, ms);
    },
    end() {
      clearTimeout(timer);
      inner.abort();
    },
  };
}

export const silenceText = (ms: number): string =>
  `The model said nothing for ${ms / 1000} seconds, and was not waited for any longer.`;

/** The longest models think for a minute before the first word. */
export const idleLimitMs = 120_000;
