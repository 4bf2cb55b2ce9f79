import type { Publisher, Stage } from '../agents/ports.ts';
import { identifier } from '../compiler/reference/identifier.ts';
import type { Postgres } from './postgres.ts';
import { giveUp, place, publish, type PublicationClient } from './publication.ts';
import { publicationStatements, type Publication } from './publicationStatements.ts';

/** Publishes by our own connection what a job has staged. */
export function publisherOn(postgres: Pick<Postgres, 'session'>): Publisher {
  const hold = <T>(signal: AbortSignal, work: (client: PublicationClient) => Promise<T>): Promise<T> =>
    postgres.session((client) => work({ query: (sql, values = []) => client.query(sql, [...values]) }), { signal });
  return {
    async publish(stage, signal) {
      const result = await hold(signal, (client) => publish(client, publicationOf(stage), signal));
      if (result.kind === 'refused') throw new Error(result.reason);
      const { rows, repeated } = result;
      return { rows, repeated };
    },
    giveUp: (stage, signal) => hold(signal, (client) => giveUp(client, publicationOf(stage))),
    rows: (stage, signal) => hold(signal, (client) => stagedRows(client, publicationOf(stage))),
  };
}

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
