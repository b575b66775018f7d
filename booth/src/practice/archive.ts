/** Writing the practice's archive, event after event, to the byte as a box writes one (spec 0.d). */
import { recordHeader } from '../protocol/archive.ts';
import { write } from '../protocol/json.ts';
import { sha256Hex, utf8 } from '../protocol/numbers.ts';

const BLOCK = 512;

/** An event of the archive: its place, and its hash. */
export interface Written {
  readonly height: number;
  readonly hash: string;
}

export class ArchiveWriter {
  private readonly parts: Uint8Array[] = [];
  private head: Written | null = null;

  /** Begins with the Setup event. `time` in seconds since 1970. */
  constructor(private readonly time: number, data: readonly [election: Uint8Array, trustees: Uint8Array, roll: Uint8Array]) {
    this.record('BELENIOS', utf8(write({ version: 1, timestamp: time < 1 << 30 ? time : time.toString() })));
    const [election, trustees, credentials] = data.map(sha256Hex) as [string, string, string];
    this.append('Setup', [...data, utf8(write({ election, trustees, credentials }))]);
  }

  append(type: 'Setup' | 'Ballot', data: readonly Uint8Array[]): Written {
    for (const one of data) this.record(`${sha256Hex(one)}.data.json`, one);
    const { head } = this;
    const height = (head?.height ?? -1) + 1;
    const event = utf8(write({ ...(head && { parent: head.hash }), height, type, payload: sha256Hex(data.at(-1)!) }));
    const hash = sha256Hex(event);
    this.record(`${hash}.event.json`, event);
    return (this.head = { height, hash });
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  private record(name: string, content: Uint8Array): void {
    const { length } = content;
    this.parts.push(utf8(recordHeader(name, length, this.time)), content, new Uint8Array((BLOCK - (length % BLOCK)) % BLOCK));
  }
}
