/** Starts the workers and hears what they say. Works from file://, where a worker can only be made of a Blob. */
import type { Given } from '../verify/area.ts';
import type { Done, Message, Outcome, Task } from './worker.ts';

const MOST_HELPERS = 8;

/** A verification under way. */
export interface Run {
  readonly outcome: Promise<Outcome>;
  stop(): void;
}

/** `script` is the page's own: in a worker it calls `work`. */
export function start(script: string, given: Given, heard: (done: Done) => void): Run {
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
  first.postMessage({ verify: given, helpers: ports } satisfies Task, ports);
  return { outcome, stop: () => end({ is: 'unfinished', why: 'stopped', message: '' }) };
}
