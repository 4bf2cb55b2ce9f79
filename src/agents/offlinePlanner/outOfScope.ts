import type { Misunderstood } from '../planner.ts';
import type { Lexicon } from './lexicon.ts';
import type { Token } from './tokens.ts';

/** What no spec can say, for a spec reads tables and writes one. A word that is a name of the catalogue is that name. */
export function outOfScope(tokens: readonly Token[], lexicon: Lexicon): readonly Misunderstood[] {
  return tokens.flatMap((token, at) => {
    const found = ruleAt(tokens, at);
    if (!found || (found.length === 1 && isName(tokens, at, lexicon))) return [];
    const words = tokens.slice(at, at + found.length).map(({ text }) => text);
    return [{ text: words.join(' '), offset: token.offset, hint: found.hint }];
  });
}

function ruleAt(tokens: readonly Token[], at: number): { readonly length: number; readonly hint: string } | undefined {
  for (const { phrases, hint } of rules) {
    for (const phrase of phrases) {
      const words = phrase.split(' ');
      const stands = words.every(
        (word, place) => tokens[at + place]?.kind === 'word' && tokens[at + place]?.value === word,
      );
      if (stands) return { length: words.length, hint };
    }
  }
  return undefined;
}

const isName = (tokens: readonly Token[], at: number, lexicon: Lexicon): boolean => {
  const name = lexicon.nameAt(tokens, at)?.name;
  return name !== undefined && (name.tables.length > 0 || name.columns.some(({ rank }) => rank === 0));
};

interface Rule {
  /** The longer phrases first. */
  readonly phrases: readonly string[];
  readonly hint: string;
}

const list = (text: string): readonly string[] => text.split(',').map((phrase) => phrase.trim());
const reads = 'A spec only reads tables and writes one target.';

const rules: readonly Rule[] = [
  {
    phrases: list(
      'delete from, drop table, drop tables, drop, delete, truncate, wipe, erase, destroy, purge, remove all, remove from',
    ),
    hint: `${reads} Nothing is dropped or deleted; “excluding” leaves rows out of the result.`,
  },
  {
    phrases: list(
      'create user, create role, create index, create view, create trigger, create function, alter, grant, revoke, vacuum, reindex',
    ),
    hint: `${reads} Rights and other objects of the database stay as they are.`,
  },
  {
    phrases: list('insert into, update, set'),
    hint: `${reads} The source tables are never changed; “upsert into TABLE on KEY” writes to the target.`,
  },
  {
    phrases: list(
      'email it, email them, email me, email the, send, notify, upload, download, export, publish, post, slack, curl, http, https',
    ),
    hint: `${reads} It sends nothing anywhere.`,
  },
  {
    phrases: list(
      'ignore previous, ignore all, ignore the, ignore your, disregard, forget, system prompt, instructions, password, passwords, credentials, execute, run, shell, script, pretend',
    ),
    hint: 'This is no transformation of tables.',
  },
  {
    phrases: list(
      'predict, forecast, train, classify, cluster, translate, summarise, summarize, recommend, chart, plot, graph, dashboard, visualize, visualise, schedule',
    ),
    hint: 'This planner transforms tables; it neither predicts, nor draws, nor schedules.',
  },
];
