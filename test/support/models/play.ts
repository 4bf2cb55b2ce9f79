import { setImmediate } from 'node:timers/promises';
import {
  callsIn,
  halves,
  textIn,
  usualUsage,
  type RefusalReason,
  type Reply,
  type ScriptedUsage,
  type SeenRequest,
} from './script.ts';

/** One answer on its wire: what the frames look like is the wire's business, what is in them the script's. */
export interface Sink {
  text(piece: string): void;
  call(place: number, name: string): void;
  input(place: number, json: string): void;
  end(reason: 'complete' | 'called' | 'tooLong' | 'declined', usage: ScriptedUsage): void;
  refuse(refusal: RefusalReason | { readonly parameter: string }, retryAfterSeconds: number | undefined): void;
  failMidway(reason: 'throttled' | 'broken'): void;
  /** Ends in order, without an end of the message. */
  cut(): void;
  reset(): void;
  readonly gone: boolean;
}

/** The reply to be played, and after how many of its bytes the stream ends. */
export const cutOf = (reply: Reply): { readonly played: Exclude<Reply, { kind: 'cutAt' }>; readonly bytes: number } =>
  reply.kind === 'cutAt' ? { played: reply.reply, bytes: reply.bytes } : { played: reply, bytes: Infinity };

/** Lets so many bytes through, and ends then. */
export function limitedWrite(
  stream: { write(bytes: Uint8Array): unknown; end(): unknown },
  limit: number,
): (bytes: Uint8Array) => void {
  let left = limit;
  return (bytes) => {
    if (left <= 0) return;
    stream.write(bytes.length > left ? bytes.subarray(0, left) : bytes);
    left -= bytes.length;
    if (left <= 0) stream.end();
  };
}

/** Plays one reply on the wire that is there. */
export async function play(reply: Exclude<Reply, { kind: 'cutAt' }>, request: SeenRequest, sink: Sink): Promise<void> {
  switch (reply.kind) {
    case 'text':
    case 'answer':
    case 'calls':
    case 'json': {
      sendText(sink, textIn(reply, request));
      const calls = callsIn(reply, request);
      calls.forEach(({ name, json }, place) => {
        sink.call(place, name);
        for (const piece of halves(json)) sink.input(place, piece);
      });
      sink.end(calls.length > 0 ? 'called' : 'complete', ('usage' in reply ? reply.usage : undefined) ?? usualUsage);
      return;
    }
    case 'tooLong':
      sendText(sink, reply.text);
      sink.end('tooLong', usualUsage);
      return;
    case 'decline':
      sendText(sink, reply.text ?? '');
      sink.end('declined', usualUsage);
      return;
    case 'refuse':
      sink.refuse(reply.reason, reply.retryAfterSeconds);
      return;
    case 'refuseParameter':
      sink.refuse({ parameter: reply.message }, undefined);
      return;
    case 'failMidway':
      sendText(sink, reply.after);
      sink.failMidway(reply.reason);
      return;
    case 'cut':
      sendText(sink, reply.after);
      sink.cut();
      return;
    case 'reset':
      sendText(sink, reply.after);
      // What was said must have left before the line breaks.
      await setImmediate();
      sink.reset();
      return;
    case 'stall':
      sendText(sink, reply.after ?? '');
      await request.left;
      return;
    case 'endless':
      while (!sink.gone) {
        sink.text(reply.text);
        await setImmediate();
      }
      return;
  }
}

function sendText(sink: Sink, text: string): void {
  for (const piece of halves(text)) sink.text(piece);
}
