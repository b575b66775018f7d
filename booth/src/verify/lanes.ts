/** An engine whose work is done in several workers: they check ballots and keys for the one that reads the archive. */
import { readElection, type Election } from '../protocol/election.ts';
import { checkKeys, checkOne, type Engine } from './ballots.ts';

type Ask = { readonly begin: Uint8Array } | { readonly ballots: readonly Uint8Array[] } | { readonly keys: readonly string[] };

/** In a helper: do what comes over the port. */
export function help(port: MessagePort): void {
  let election: Election | null = null;
  port.onmessage = ({ data }: MessageEvent<Ask>) => {
    if ('begin' in data) election = readElection(data.begin);
    else if ('keys' in data) port.postMessage(checkKeys(data.keys));
    else port.postMessage(data.ballots.map((raw) => checkOne(raw, election!)));
  };
}

/** The engine of whoever holds the ports. Each helper does what it is given in its order, so its answers are for those who wait longest. */
export function engineOf(ports: readonly MessagePort[]): Engine {
  const waiting = ports.map((): ((answer: unknown) => void)[] => []);
  ports.forEach((port, i) => (port.onmessage = ({ data }) => waiting[i]!.shift()!(data)));
  const ask = <T>(what: Ask): Promise<T> => {
    const shortest = waiting.reduce((best, list, i) => (list.length < waiting[best]!.length ? i : best), 0);
    return new Promise((resolve) => {
      waiting[shortest]!.push(resolve as (answer: unknown) => void);
      ports[shortest]!.postMessage(what);
    });
  };
  return {
    lanes: ports.length,
    begin: (raw) => ports.forEach((port) => port.postMessage({ begin: raw })),
    ballots: (ballots) => ask({ ballots }),
    keys: (keys) => ask({ keys }),
  };
}
