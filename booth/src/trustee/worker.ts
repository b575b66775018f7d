/** The workers, all made of the page's own script: one reads the archives of a record, the others check ballots and keys for it. */
import { Refused } from '../protocol/errors.ts';
import { engineOf, help } from '../verify/lanes.ts';
import { Unreadable } from '../verify/source.ts';
import { Incomplete, verifyRecord, type Picked, type Told, type Verified } from './record.ts';

export type Task = { readonly help: MessagePort } | { readonly verify: Picked; readonly anchor: string; readonly helpers: readonly MessagePort[] };

export type Why = Unreadable['why'] | Incomplete['why'] | 'broken' | 'stopped';

export type Outcome =
  | { readonly is: 'verified'; readonly found: Verified }
  | { readonly is: 'refused'; readonly name: string; readonly step: string; readonly message: string }
  | { readonly is: 'unfinished'; readonly why: Why; readonly message: string };

type Message = { readonly done: Told } | { readonly outcome: Outcome };

const NOTED_EVERY = 100; // milliseconds

/** To be called in a worker. */
export function work(): void {
  globalThis.onmessage = ({ data }: MessageEvent<Task>) => {
    if ('help' in data) help(data.help);
    else void verify(data.verify, data.anchor, data.helpers);
  };
}

async function verify(picked: Picked, anchor: string, helpers: readonly MessagePort[]): Promise<void> {
  let noted = 0;
  const report = (message: Message): void => globalThis.postMessage(message);
  const told = (done: Told): void => {
    if (performance.now() - noted < NOTED_EVERY) return;
    noted = performance.now();
    report({ done });
  };
  try {
    report({ outcome: { is: 'verified', found: await verifyRecord(picked, anchor, engineOf(helpers), told) } });
  } catch (error) {
    report({ outcome: outcomeOf(error) });
  }
}

export function outcomeOf(error: unknown): Outcome {
  if (error instanceof Refused) return { is: 'refused', name: error.refusal, step: error.step, message: error.message };
  if (error instanceof Incomplete) return { is: 'unfinished', why: error.why, message: error.what };
  return { is: 'unfinished', why: error instanceof Unreadable ? error.why : 'broken', message: error instanceof Unreadable ? '' : String(error) };
}
