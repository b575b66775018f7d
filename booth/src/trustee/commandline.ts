/** A key in the files of `sanduq keys`: `trustee.key` with `trustee.cert` (and, after step 5, `trustee.dkey`), or `trustee.privkey`; what was decrypted with it. */
import { Refused } from '../protocol/errors.ts';
import { Form, read, type Json } from '../protocol/json.ts';
import { readScalar, utf8 } from '../protocol/numbers.ts';
import { readCertLine } from '../keys/ceremony.ts';
import { isSeed } from '../keys/pki.ts';
import type { KeyFile } from './keyfile.ts';

const form: Form = new Form('SecretKeyMismatch');
const LARGEST = 1 << 24;

interface Found {
  seed?: string;
  cert?: string;
  dkey?: string;
  privkey?: string;
  readonly decrypted: Record<string, string>;
}

/** Nothing of what stands in the files enters a refusal. */
export async function keyOfCommandLine(files: readonly File[]): Promise<KeyFile> {
  const found: Found = { decrypted: {} };
  for (const file of files) {
    if (file.size > LARGEST) form.fail('the files');
    for (const line of (await file.text()).split('\n').map((one) => one.trim()).filter((one) => one !== '')) look(line, found);
  }
  const { seed, cert, dkey, privkey, decrypted } = found;
  if (seed !== undefined && cert !== undefined && privkey === undefined) {
    const { size, threshold, index } = readCertLine(cert);
    return { context: { size, threshold, index }, secret: seed, cert, name: null, privateKey: dkey ?? null, decrypted };
  }
  if (privkey === undefined || seed !== undefined || dkey !== undefined) form.fail('trustee.key with trustee.cert, or trustee.privkey');
  return { context: null, secret: String(readScalar(privkey)), cert: null, name: null, privateKey: null, decrypted };
}

function look(line: string, found: Found): void {
  if (isSeed(line)) {
    found.seed = line;
    return;
  }
  let value: Json;
  try {
    value = read(utf8(line));
  } catch (error) {
    if (error instanceof Refused) form.fail('the files');
    throw error;
  }
  const names = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value).sort().join() : '';
  if (typeof value === 'string') found.privkey = value;
  else if (names === 'message,signature') found.cert = line;
  else if (names === 'algorithm,alpha,beta,data') found.dkey = line;
  else if (names === 'tally,uuid') {
    const { uuid, tally } = form.fields(value, ['uuid', 'tally']);
    found.decrypted[form.text(uuid, 'uuid')] = form.hash(tally, 'tally');
  } else form.fail('the files');
}
