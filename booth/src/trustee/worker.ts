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
const MOST_HELPERS = 8;

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

/** A verification under way. */
export interface Run {
  readonly outcome: Promise<Outcome>;
  stop(): void;
}

/** Start it, from the page; `script` is the page's own: in a worker it calls `work`. A worker is made of a Blob, as from file:// there is no other way. */
export function start(script: string, picked: Picked, anchor: string, heard: (done: Told) => void): Run {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const count = Math.max(1, Math.min(navigator.hardwareConcurrency || 2, MOST_HELPERS));
  const workers = Array.from({ length: count + 1 }, () => new Worker(url));
  let end!: (outcome: Outcome) => void;
  const outcome = new Promise<Outcome>((resolve) => {
    end = (found) => {
      for (const worker of workers) worker.terminate();
      URL.revokeObjectURL(url);
      resolve(found);
    };
  });
  const [first, ...helpers] = workers as [Worker, ...Worker[]];
  for (const worker of workers) {
    worker.onerror = ({ message }) => end({ is: 'unfinished', why: 'broken', message });
    worker.onmessageerror = () => end({ is: 'unfinished', why: 'broken', message: 'a message could not be read' });
  }
  first.onmessage = ({ data }: MessageEvent<Message>) => ('done' in data ? heard(data.done) : end(data.outcome));
  const ports = helpers.map((helper) => {
    const { port1, port2 } = new MessageChannel();
    helper.postMessage({ help: port2 } satisfies Task, [port2]);
    return port1;
  });
  first.postMessage({ verify: picked, anchor, helpers: ports } satisfies Task, ports);
  return { outcome, stop: () => end({ is: 'unfinished', why: 'stopped', message: '' }) };
}
