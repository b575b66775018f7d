/**
 * The election's key from the trustees' public text (spec 3.a). The setup names the hash of that text, so the key is anchored like
 * everything else: a server that gives another key, to read the votes, is caught before anything is sealed. That the trustees
 * proved and signed what they should is the business of `sanduq watch verify`.
 */
import { Refused, require } from './errors.ts';
import { IDENTITY, readPoint, type Point } from './group.ts';
import { Form, read, type Json } from './json.ts';
import { sha256Hex, utf8 } from './numbers.ts';

const form: Form = new Form('AreaOtherSetup');

/** y: the product over the trustees of X of a single one, and ∏ A_i0 of a threshold group. */
export function electionKey(data: Uint8Array, sha256: string): Point {
  require('AreaOtherSetup', sha256Hex(data) === sha256, 'other trustees than those of the setup');
  const keys = form.items(read(data), 'trustee', keyOf);
  return keys.reduce((product, key) => product.add(key), IDENTITY);
}

function keyOf(value: Json): Point {
  const [kind, content] = form.items(value, 'trustee', (item) => item);
  if (kind === 'Single') {
    return readPoint(form.text(form.fields(content!, ['pok', 'public_key'], ['signature', 'name']).public_key, 'public_key'));
  }
  if (kind !== 'Pedersen') throw new Refused('AreaOtherSetup', 'a trustee of an unknown kind');
  const names = ['threshold', 'certs', 'coefexps', 'signatures', 'verification_keys'] as const;
  const first = form.items(form.fields(content!, names).coefexps, 'coefexps', (signed) => {
    const message = form.text(form.fields(signed, ['message', 'signature']).message, 'message');
    const { coefexps } = form.fields(read(utf8(message)), ['coefexps']);
    return readPoint(form.text(form.items(coefexps, 'coefficient', (item) => item)[0] ?? null, 'coefficient'));
  });
  return first.reduce((product, key) => product.add(key), IDENTITY);
}
