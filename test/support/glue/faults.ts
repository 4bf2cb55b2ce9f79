/** What the stand-in is told to do wrong, one request at a time. */
export type Fault =
  /** Answers with this error instead of carrying the request out. */
  | { readonly error: string; readonly message?: string; readonly status?: number }
  /** Carries the request out, and cuts the connection instead of answering. */
  | 'lost'
  /** Cuts the connection without carrying anything out. */
  | 'cut';

export const throttled: Fault = { error: 'ThrottlingException', message: 'Rate exceeded' };
export const expired: Fault = {
  error: 'ExpiredTokenException',
  message: 'The security token included in the request is expired',
};
export const inTrouble: Fault = { error: 'InternalServiceException', message: 'Internal failure', status: 500 };

export const denied = (action: string, resource: string): Fault => ({
  error: 'AccessDeniedException',
  message: `User: arn:aws:sts::123456789012:assumed-role/engineer/ada is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
});

/** What happens to the next run that starts. */
export interface RunFate {
  /** Stays in Glue's queue for so many looks at it. */
  readonly queuedFor?: number;
  /** Ends before the script runs. */
  readonly ends?: { readonly state: 'FAILED' | 'ERROR' | 'EXPIRED'; readonly message?: string };
  /** Uploads the last of its output only after it has said how it ended. */
  readonly lateLogs?: boolean;
}

export class Faults {
  private readonly requests = new Map<string, Fault[]>();
  private readonly fates: RunFate[] = [];

  /** The next requests of this action go wrong, in this order. */
  next(action: string, ...faults: readonly Fault[]): void {
    this.requests.set(action, [...(this.requests.get(action) ?? []), ...faults]);
  }

  nextRun(fate: RunFate): void {
    this.fates.push(fate);
  }

  take(action: string): Fault | undefined {
    return this.requests.get(action)?.shift();
  }

  takeFate(): RunFate {
    return this.fates.shift() ?? {};
  }

  clear(): void {
    this.requests.clear();
    this.fates.length = 0;
  }
}
