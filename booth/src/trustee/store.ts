/**
 * What this browser remembers between two visits: the messages of a ceremony (nothing secret: shares in them are sealed), and which sums were
 * decrypted with a key (7.13). The key itself is never here.
 */
import { Refused } from '../protocol/errors.ts';
import type { Kept } from './board.ts';

export interface Store {
  /** Whether it outlives this page. */
  readonly isDurable: boolean;
  board(id: string): Promise<Kept | null>;
  keep(id: string, kept: Kept): Promise<void>;
  /** Write down, durably, that these sums are decrypted with the key `id`: all of them, or, if one differs from before, none (7.13). */
  remember(id: string, sums: ReadonlyMap<string, string>): Promise<void>;
  decrypted(id: string): Promise<ReadonlyMap<string, string>>;
  forget(id: string): Promise<void>;
}

/** Refuse another sum of the same election than before (7.13). */
export function checkRemembered(before: ReadonlyMap<string, string>, sums: ReadonlyMap<string, string>): void {
  for (const [uuid, tally] of sums) {
    const known = before.get(uuid);
    if (known !== undefined && known !== tally) {
      throw new Refused('AlreadyDecrypted', `expected ${known}, got ${tally}`).within(`election ${uuid}`);
    }
  }
}

/** Where nothing can be kept (a private window): for as long as the page is open. */
export function fleetingStore(): Store {
  const boards = new Map<string, Kept>();
  const sums = new Map<string, Map<string, string>>();
  const of = (id: string): Map<string, string> => sums.get(id) ?? new Map<string, string>();
  return {
    isDurable: false,
    board: (id) => Promise.resolve(boards.get(id) ?? null),
    keep: (id, kept) => Promise.resolve(void boards.set(id, kept)),
    decrypted: (id) => Promise.resolve(of(id)),
    forget: (id) => Promise.resolve(void boards.delete(id)),
    async remember(id, more) {
      checkRemembered(of(id), more);
      sums.set(id, new Map([...of(id), ...more]));
    },
  };
}

const [NAME, BOARDS, SUMS] = ['sanduq-trustee', 'boards', 'sums'];

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the browser keeps nothing'));
  });
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error('the browser keeps nothing'));
  });
}

/** The browser's database; one that lasts only as long as the page where there is none. */
export async function openStore(): Promise<Store> {
  try {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => [BOARDS, SUMS].forEach((name) => opening.result.createObjectStore(name!));
    return storeIn(await done(opening));
  } catch {
    return fleetingStore();
  }
}

function storeIn(database: IDBDatabase): Store {
  // Strict: it is on the disk when the transaction ends, as far as the browser and the disk keep their word.
  const writing = (name: string): IDBTransaction => database.transaction(name, 'readwrite', { durability: 'strict' });
  const reading = <T>(name: string, id: string): Promise<T | undefined> =>
    done(database.transaction(name).objectStore(name).get(id) as IDBRequest<T | undefined>);
  const write = async (name: string, act: (store: IDBObjectStore) => void): Promise<void> => {
    const transaction = writing(name);
    const end = ended(transaction);
    act(transaction.objectStore(name));
    await end;
  };
  return {
    isDurable: true,
    board: async (id) => (await reading<Kept>(BOARDS!, id)) ?? null,
    keep: (id, kept) => write(BOARDS!, (store) => store.put(kept, id)),
    decrypted: async (id) => new Map((await reading<[string, string][]>(SUMS!, id)) ?? []),
    forget: (id) => write(BOARDS!, (store) => store.delete(id)),
    async remember(id, sums) {
      const transaction = writing(SUMS!);
      const end = ended(transaction);
      end.catch(() => {}); // it is awaited below, if nothing is refused before
      const store = transaction.objectStore(SUMS!);
      // Read and written in one transaction: two windows cannot both be the first.
      const before = new Map((await done(store.get(id) as IDBRequest<[string, string][] | undefined>)) ?? []);
      try {
        checkRemembered(before, sums);
      } catch (error) {
        transaction.abort();
        throw error;
      }
      store.put([...new Map([...before, ...sums])], id);
      await end;
    },
  };
}
