/**
 * The workers, all made of the page's own script: one reads the archive and judges, the others check ballots and keys for it. The page gives
 * each of them a port to the first one, which speaks to them over these alone.
 */
import { Refused, type RefusalName } from '../protocol/errors.ts';
import { verifyArea, type Given } from '../verify/area.ts';
import { engineOf, help } from '../verify/lanes.ts';
import { Unreadable } from '../verify/source.ts';
import { summaryOf, type Summary } from './summary.ts';

/** What the page tells a worker first. */
export type Task = { readonly help: MessagePort } | { readonly verify: Given; readonly helpers: readonly MessagePort[] };

/** How far the first worker is: `part` of the file from 0 to 1. */
export interface Done {
  readonly part: number;
  readonly ballots: number;
  readonly keys: number;
  readonly roll: number;
}

/** Why a verdict could not be reached. */
export type Why = Unreadable['why'] | 'broken' | 'stopped' | 'none' | 'several';

export type Outcome =
  | { readonly is: 'verified'; readonly summary: Summary }
  | { readonly is: 'refused'; readonly name: RefusalName; readonly step: string; readonly message: string }
  | { readonly is: 'unfinished'; readonly why: Why; readonly message: string };

type Message = { readonly done: Done } | { readonly outcome: Outcome };

const NOTED_EVERY = 100; // milliseconds

/** To be called in a worker. */
export function work(): void {
  globalThis.onmessage = ({ data }: MessageEvent<Task>) => {
    if ('help' in data) help(data.help);
    else void verify(data.verify, data.helpers);
  };
}

async function verify(given: Given, helpers: readonly MessagePort[]): Promise<void> {
  let [noted, part] = [0, (): number => 0];
  const report = (message: Message): void => globalThis.postMessage(message);
  try {
    const found = await verifyArea(
      given,
      engineOf(helpers),
      (done) => {
        if (performance.now() - noted < NOTED_EVERY) return;
        noted = performance.now();
        report({ done: { ...done, part: part() } });
      },
      (source) => (part = () => source.part),
    );
    report({ outcome: { is: 'verified', summary: summaryOf(found) } });
  } catch (error) {
    report({ outcome: outcomeOf(error) });
  }
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof Refused) return { is: 'refused', name: error.refusal, step: error.step, message: error.message };
  const message = error instanceof Unreadable ? '' : String(error);
  return { is: 'unfinished', why: error instanceof Unreadable ? error.why : 'broken', message };
}
