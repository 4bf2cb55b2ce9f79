/** Lets so many runs go side by side; the others wait in the order in which they came. */
export class Slots {
  private readonly queue: Waiting[] = [];
  private free: number;
  readonly size: number;

  constructor(size: number) {
    this.size = size;
    this.free = size;
  }

  /** Resolves with the function that gives the slots back; rejects when the signal is aborted before there are any. */
  async take(count: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const waiting = { count, begin: resolve };
      this.queue.push(waiting);
      signal.addEventListener(
        'abort',
        () => {
          if (!this.leave(waiting)) return;
          reject(signal.reason as Error);
          this.advance();
        },
        { once: true },
      );
      this.advance();
    });
    return () => {
      this.free += count;
      this.advance();
    };
  }

  private leave(waiting: Waiting): boolean {
    const place = this.queue.indexOf(waiting);
    if (place >= 0) this.queue.splice(place, 1);
    return place >= 0;
  }

  private advance(): void {
    for (let next = this.queue[0]; next && next.count <= this.free; next = this.queue[0]) {
      this.queue.shift();
      this.free -= next.count;
      next.begin();
    }
  }
}

interface Waiting {
  readonly count: number;
  readonly begin: () => void;
}
