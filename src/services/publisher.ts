import type { Publisher, Stage } from '../agents/ports.ts';
import { identifier } from '../compiler/reference/identifier.ts';
import { isServerAnswer, type Postgres } from './postgres.ts';
import { giveUp, place, publish, type PublicationClient } from './publication.ts';
import { publicationStatements, type Publication } from './publicationStatements.ts';

/** Publishes by our own connection what a job has staged. */
export function publisherOn(postgres: Pick<Postgres, 'session'>): Publisher {
  const hold = <T>(signal: AbortSignal, work: (client: PublicationClient) => Promise<T>): Promise<T> =>
    postgres.session((client) => work({ query: (sql, values = []) => client.query(sql, [...values]) }), { signal });
  return {
    publish(stage, signal) {
      return hold(signal, async (client) => {
        try {
          return await publish(client, publicationOf(stage), signal);
        } catch (error) {
          if (!isAboutRows(error)) throw error;
          return { kind: 'refused', reason: `${stage.target.table} keeps its old rows: ${error.message}` };
        }
      });
    },
    giveUp: (stage, signal) => hold(signal, (client) => giveUp(client, publicationOf(stage))),
    rows: (stage, signal) => hold(signal, (client) => stagedRows(client, publicationOf(stage))),
  };
}

/** SQLSTATE of data exceptions and of constraints: the rows are what they are, so another try would end the same. */
const isAboutRows = (error: unknown): error is Error =>
  isServerAnswer(error) && 'code' in error && /^2[23]/.test(String(error.code));

const publicationOf = ({ target, runId, instant }: Stage): Publication => ({ ...target, runId, instant });

/** Under the target's own names; undefined where nothing waits. */
async function stagedRows(client: PublicationClient, publication: Publication): Promise<string | undefined> {
  const placed = await place(client, publication);
  const [state = ''] = publicationStatements(placed, 'state');
  const { rows } = await client.query<{ readonly stage: string }>(state);
  if (rows[0]?.stage !== 'true') return undefined;
  const [selection = ''] = publicationStatements(placed, 'staged');
  return `(${selection}) as ${identifier('datamorph_staged')}`;
}
