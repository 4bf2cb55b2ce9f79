import type { JobFailure } from '../../agents/engine.ts';
import { jobReport, type JobReport } from '../../agents/jobReports.ts';

/** What the lines of a job tell about why it failed; keeps a few words of them, however many there are. */
export class Evidence {
  /** What the runtime reported last. */
  reported: JobReport | undefined;
  /** The last place in the script that a traceback named. */
  line: number | undefined;
  /** The last exception that was printed. */
  raised: string | undefined;
  /** That Spark itself was lost, or ran out of memory. */
  engineTrouble: Extract<JobFailure, 'memory' | 'engine'> | undefined;
  /** Whether the script said anything at all. */
  isEmpty = true;
  private readonly place: RegExp;

  /** @param script The name of the script's file, without its folder. */
  constructor(script: string) {
    this.place = new RegExp(`^\\s*File "(?:[^"]*[\\\\/])?${escaped(script)}", line (\\d+)`);
  }

  add(line: string): void {
    this.isEmpty = false;
    const event = jobReport(line);
    if (event?.event === 'error') this.reported = event;
    const place = this.place.exec(line)?.[1];
    if (place !== undefined) this.line = Number(place);
    if (/^\w[\w.]*(Error|Exception|Interrupt)\b/.test(line)) this.raised = line;
    const trouble = troubleIn(line);
    // What follows an exhausted memory is its consequence.
    if (trouble !== undefined && this.engineTrouble !== 'memory') this.engineTrouble = trouble;
  }

  /** Whether what a failed script leaves behind is all there. */
  get isConclusive(): boolean {
    return this.reported !== undefined || this.raised !== undefined;
  }
}

export function troubleIn(text: string): Evidence['engineTrouble'] {
  if (tellsOfMemory.test(text)) return 'memory';
  return tellsOfLoss.test(text) ? 'engine' : undefined;
}

const tellsOfMemory =
  /^MemoryError\b|\bjava\.lang\.OutOfMemoryError\b|\bOUT_OF_MEMORY|Container killed by YARN for exceeding memory|exit code 137\b|running beyond (physical|virtual) memory/;
const tellsOfLoss =
  /^py4j\.protocol\.Py4JNetworkError\b|^Py4JNetworkError\b|Answer from Java side is empty|ExecutorLostFailure|Internal service error/;

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
