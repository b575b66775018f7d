/**
 * The files of a record that came as one zip file (APPNOTE 4.3 of PKWARE): those that are wanted, by their names. Whole archives are not held in
 * memory: each is a blob, which the browser may keep on the disk. What is in them is judged later, like any file.
 */
import { Unreadable } from '../verify/source.ts';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const [STORED, DEFLATED] = [0, 8];
const [END_SIZE, ENTRY_SIZE, LOCAL_SIZE] = [22, 46, 30];
/** The longest comment behind the end, and the largest directory that is read. */
const COMMENT = 65_535;
const LARGEST_DIRECTORY = 1 << 26;
/** What stands there if the numbers are elsewhere (zip64): then the record is to be unpacked first. */
const ELSEWHERE = 0xffffffff;

export function isZip(name: string): boolean {
  return /\.zip$/i.test(name);
}

async function view(file: Blob, from: number, size: number): Promise<DataView> {
  const bytes = await file.slice(from, from + size).arrayBuffer();
  if (bytes.byteLength !== size) throw new Unreadable('damaged');
  return new DataView(bytes);
}

/** Where the directory is, and how long. */
async function directory(file: Blob): Promise<readonly [number, number]> {
  const size = Math.min(file.size, END_SIZE + COMMENT);
  const tail = await view(file, file.size - size, size);
  for (let at = size - END_SIZE; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END || at + END_SIZE + tail.getUint16(at + 20, true) !== size) continue;
    const [length, from] = [tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)];
    if (from === ELSEWHERE || length > LARGEST_DIRECTORY) throw new Unreadable('large');
    return [from, length];
  }
  throw new Unreadable('damaged');
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly from: number;
}

async function entries(file: Blob): Promise<Entry[]> {
  const [from, length] = await directory(file);
  const all = await view(file, from, length);
  const found: Entry[] = [];
  for (let at = 0; at < length; ) {
    if (at + ENTRY_SIZE > length || all.getUint32(at, true) !== ENTRY) throw new Unreadable('damaged');
    const sizes = [28, 30, 32].map((place) => all.getUint16(at + place, true)) as [number, number, number];
    if (at + ENTRY_SIZE + sizes[0] > length) throw new Unreadable('damaged');
    const name = new TextDecoder().decode(new Uint8Array(all.buffer, at + ENTRY_SIZE, sizes[0]));
    const [packed, size, local] = [20, 24, 42].map((place) => all.getUint32(at + place, true)) as [number, number, number];
    const isOdd = (all.getUint16(at + 8, true) & 1) !== 0; // encrypted
    found.push({ name, method: isOdd ? -1 : all.getUint16(at + 10, true), packed, size, from: local });
    at += ENTRY_SIZE + sizes[0] + sizes[1] + sizes[2];
  }
  return found;
}

/** The content of an entry, which must have the length that the directory says. */
async function content(file: Blob, { method, packed, size, from }: Entry): Promise<Blob> {
  if ([packed, size, from].includes(ELSEWHERE)) throw new Unreadable('large');
  const local = await view(file, from, LOCAL_SIZE);
  if (local.getUint32(0, true) !== LOCAL) throw new Unreadable('damaged');
  const start = from + LOCAL_SIZE + local.getUint16(26, true) + local.getUint16(28, true);
  const part = file.slice(start, start + packed);
  if (part.size !== packed) throw new Unreadable('damaged');
  if (method === STORED && packed === size) return part;
  if (method !== DEFLATED) throw new Unreadable('damaged');
  let length = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, to) {
      length += piece.length;
      if (length > size) to.error(new Unreadable('damaged'));
      else to.enqueue(piece);
    },
  });
  const unpack = new DecompressionStream('deflate-raw') as unknown as ReadableWritablePair<Uint8Array, Uint8Array>;
  const stream = (part.stream() as ReadableStream<Uint8Array>).pipeThrough(unpack).pipeThrough(counted);
  const blob = await new Response(stream as unknown as BodyInit).blob().catch(() => {
    throw new Unreadable('damaged');
  });
  if (blob.size !== size) throw new Unreadable('damaged');
  return blob;
}

/** The files in a zip file whose names (without folders) are wanted. */
export async function unzip(file: Blob, isWanted: (name: string) => boolean): Promise<File[]> {
  const files: File[] = [];
  for (const entry of await entries(file)) {
    const name = entry.name.split('/').pop()!;
    if (isWanted(name)) files.push(new File([await content(file, entry)], name));
  }
  return files;
}
