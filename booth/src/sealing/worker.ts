/** The desk in a worker: one request, one answer, in order. */
import { Refused, type RefusalName } from '../protocol/errors.ts';
import { Desk } from './desk.ts';

/** What can be asked: the name of a method of the desk, with its arguments. */
export type Call = { readonly [N in keyof Desk]: Desk[N] };
export type Request = { readonly id: number; readonly call: keyof Call; readonly args: readonly unknown[] };
export type Reply = { readonly id: number } & (
  | { readonly value: unknown }
  | { readonly refusal: RefusalName; readonly particular: string }
  | { readonly failure: string }
);

const desk = new Desk();

addEventListener('message', ({ data }: MessageEvent<Request>) => {
  postMessage(answer(data));
});

function answer({ id, call, args }: Request): Reply {
  try {
    const method = desk[call] as (...args: readonly unknown[]) => unknown;
    return { id, value: method.apply(desk, [...args]) };
  } catch (error) {
    if (error instanceof Refused) return { id, refusal: error.refusal, particular: error.message };
    return { id, failure: String(error) };
  }
}
