/** Starts the workers of a verification and hears what they say. Works from file://, where a worker can only be made of a Blob. */

const MOST_HELPERS = 8;

/** What comes of one that broke or was stopped. */
export interface Ended {
  readonly is: 'unfinished';
  readonly why: 'broken' | 'stopped';
  readonly message: string;
}

/** A verification under way. */
export interface Run<Outcome> {
  readonly outcome: Promise<Outcome | Ended>;
  stop(): void;
}

/**
 * `script` is the page's own, which calls `work` in a worker. The first worker is given the task with the ports of its helpers, and says how far it
 * is or what came of it; each helper is given the other end of its port.
 */
export function start<Done, Outcome>(script: string, task: object, heard: (done: Done) => void): Run<Outcome> {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const count = Math.max(1, Math.min(navigator.hardwareConcurrency || 2, MOST_HELPERS));
  const workers = Array.from({ length: count + 1 }, () => new Worker(url));
  let end!: (outcome: Outcome | Ended) => void;
  const outcome = new Promise<Outcome | Ended>((resolve) => {
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
  first.onmessage = ({ data }: MessageEvent<{ done: Done } | { outcome: Outcome }>) => ('done' in data ? heard(data.done) : end(data.outcome));
  const ports = helpers.map((helper) => {
    const { port1, port2 } = new MessageChannel();
    helper.postMessage({ help: port2 }, [port2]);
    return port1;
  });
  first.postMessage({ ...task, helpers: ports }, ports);
  return { outcome, stop: () => end({ is: 'unfinished', why: 'stopped', message: '' }) };
}
