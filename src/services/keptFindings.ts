/** What the runs of a workspace found wrong with a spec, or with a script, as it stands now. */
import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import { remedyPreviews, type RemedyPreview } from '../agents/remediator/preview.ts';
import type { JournalEntry } from '../agents/run/events.ts';
import { withEvent, type RunRecord } from '../agents/run/record.ts';
import type { Finding, Verdict } from '../agents/verdict.ts';
import { insertProperty } from '../spec/edits.ts';
import type { JsonPath, Positions } from '../spec/positions.ts';
import type { Fix, Span } from '../spec/problem.ts';
import { readSpec } from '../spec/read.ts';
import { isMissing } from './isMissing.ts';
import { journalFile, readJournal } from './journalFile.ts';
import { listRuns } from './runFiles.ts';
import { runsFolder } from './runJournal.ts';

/** What a run said of one spec with one script, and what was done about it. */
export interface Judgement {
  readonly specText: string;
  readonly script?: string;
  readonly verdict: Verdict;
  readonly remedy?: KeptRemedy;
}

export interface KeptRemedy {
  readonly kind: 'spec' | 'script';
  readonly text: string;
  readonly reason: string;
}

/** A finding with its place in the text that it speaks of. */
export interface PlacedFinding {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
  readonly span: Span;
  /** What speaks for its cause, a sentence each. */
  readonly evidence: readonly string[];
  /** In the run's script, from 1. */
  readonly lines?: { readonly first: number; readonly last: number };
  readonly fix?: Fix;
}

export interface KeptFindings {
  readonly runId: string;
  readonly findings: readonly PlacedFinding[];
  readonly remedy?: KeptRemedy;
  /** Paths of what the run left behind. */
  readonly script: string;
  readonly report: string;
}

/** So many runs are looked through, the most recent first. */
const remembered = 50;

/** Reads each journal once, as long as it does not grow. */
export class FindingStore {
  readonly #workspace: string;
  readonly #read = new Map<string, { readonly stamp: string; readonly judgements: readonly Judgement[] }>();

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  /** Of the newest run that judged this very text; undefined where there is none, and nothing is known of it. */
  async ofSpec(text: string): Promise<KeptFindings | undefined> {
    const { positions } = readSpec(text);
    return this.#newest(
      ({ specText }) => sameText(specText, text),
      (finding) => placedInSpec(finding, positions),
    );
  }

  /** The same for a script. */
  async ofScript(text: string): Promise<KeptFindings | undefined> {
    return this.#newest(
      ({ script }) => script !== undefined && sameText(script, text),
      (finding) => placedInScript(finding, text),
    );
  }

  async #newest(
    speaksOf: (judgement: Judgement) => boolean,
    placed: (finding: Finding) => PlacedFinding | undefined,
  ): Promise<KeptFindings | undefined> {
    const { runs } = await listRuns(this.#workspace);
    for (const { id } of runs.slice(0, remembered)) {
      const judgement = (await this.#judgements(id)).findLast(speaksOf);
      if (!judgement) continue;
      const folder = join(runsFolder(this.#workspace), id);
      return {
        runId: id,
        findings: (judgement.verdict.findings ?? []).flatMap((finding) => placed(finding) ?? []),
        ...(judgement.remedy && { remedy: judgement.remedy }),
        script: join(folder, 'script.py'),
        report: join(folder, 'report.md'),
      };
    }
    return undefined;
  }

  async #judgements(runId: string): Promise<readonly Judgement[]> {
    const folder = join(runsFolder(this.#workspace), runId);
    const stamp = await stampOf(join(folder, journalFile));
    if (stamp === undefined) return [];
    const known = this.#read.get(runId);
    if (known?.stamp === stamp) return known.judgements;
    const judgements = judgementsIn(await readJournal(folder));
    this.#read.set(runId, { stamp, judgements });
    return judgements;
  }
}

async function stampOf(file: string): Promise<string | undefined> {
  try {
    const { mtimeMs, size } = await stat(file);
    return `${mtimeMs} ${size}`;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A later look at the same rows takes the place of the verdict; a remedy is that of the text which it changes. */
export function judgementsIn(entries: readonly JournalEntry[]): readonly Judgement[] {
  const judgements: Omit<Judgement, 'remedy'>[] = [];
  let record: RunRecord | undefined;
  for (const { event } of entries) {
    record = withEvent(record, event);
    const { specText, code } = record;
    if (event.kind === 'validated' && specText !== undefined)
      judgements.push({ specText, verdict: event.verdict, ...(code && { script: code.script }) });
    const last = judgements.at(-1);
    if (event.kind === 'located' && last) judgements[judgements.length - 1] = { ...last, verdict: event.verdict };
  }
  const previews = remedyPreviews(entries);
  return judgements.map((judgement) => {
    const remedy = previews.find(({ file, before }) =>
      file === 'script.py' ? before === judgement.script : before === judgement.specText,
    );
    return { ...judgement, ...(remedy && { remedy: keptRemedy(remedy) }) };
  });
}

const keptRemedy = ({ file, after, reason }: RemedyPreview): KeptRemedy => ({
  ...{ kind: file === 'script.py' ? 'script' : 'spec', text: after, reason },
});

/** Editors end lines and files in their own ways. */
const sameText = (one: string, other: string): boolean => plain(one) === plain(other);

const plain = (text: string): string => text.replaceAll('\r\n', '\n').trimEnd();

function placedInSpec(finding: Finding, positions: Positions): PlacedFinding | undefined {
  const { place } = finding;
  // It stands in another file, such as the workspace's own rules.
  if (place.file !== undefined) return undefined;
  const path = pathOf(place.pointer ?? '/target');
  const isStep = path[0] === 'steps' && path.length === 2;
  const fix = fixOf(finding, path, positions);
  return {
    ...plainFinding(finding),
    span: positions.span(isStep ? [...path, 'name'] : path),
    ...(fix && { fix }),
  };
}

const plainFinding = ({ code, severity, message, evidence, place }: Finding): Omit<PlacedFinding, 'span'> => ({
  ...{ code, severity, message, evidence },
  ...(place.lines && { lines: place.lines }),
});

function placedInScript(finding: Finding, text: string): PlacedFinding | undefined {
  const { lines } = finding.place;
  if (!lines) return undefined;
  const all = text.split('\n');
  const offset = all.slice(0, lines.first - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const length = all.slice(lines.first - 1, lines.last).join('\n').length;
  return { ...plainFinding(finding), span: { offset, length } };
}

/** RFC 6901. */
const pathOf = (pointer: string): JsonPath =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

/** A rule that is broken and may be: it warns from now on. */
function fixOf({ code, severity }: Finding, path: JsonPath, positions: Positions): Fix | undefined {
  const isOwn = path[0] === 'checks' && path.length === 2;
  if (code !== 'rule-broken' || severity !== 'error' || !isOwn) return undefined;
  return {
    title: 'Accept as expected: let this check warn',
    edits: insertProperty(positions, path, { key: 'severity', json: '"warning"' }),
  };
}
