/** The page's side of the worker: each call of the desk, as a promise. */
import { Refused } from '../protocol/errors.ts';
import type { Desk } from './desk.ts';
import type { Reply } from './worker.ts';

type Methods = { [N in keyof Desk]: Desk[N] extends (...args: infer A) => infer R ? (...args: A) => Promise<R> : never };
export type Sealing = Methods;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the worker. A refusal in it is thrown here by the same name. */
export function startSealing(): Sealing {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'sealing' });
  const waiting = new Map<number, Waiting>();
  let last = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ('value' in data) asked?.resolve(data.value as never);
    else if ('refusal' in data) asked?.reject(new Refused(data.refusal, data.particular));
    else asked?.reject(new Error(data.failure));
  });
  worker.addEventListener('error', (event) => {
    for (const { reject } of waiting.values()) reject(new Error(event.message || 'the worker does not start'));
    waiting.clear();
  });
  const ask = (call: string) => (...args: unknown[]) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      worker.postMessage({ id: last, call, args });
    });
  return new Proxy({} as Sealing, { get: (_, call) => (typeof call === 'string' && call !== 'then' ? ask(call) : undefined) });
}
