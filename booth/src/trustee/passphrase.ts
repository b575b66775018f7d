/** Passphrases that the page proposes: words of the list of fingerprints (2048 of them), 77 bits, and scrypt before them. */
import { WORDS } from '../disc/words.ts';

const COUNT = 7;

export function proposePassphrase(): string {
  // 65536 is a multiple of 2048: every word is as likely as another.
  const numbers = crypto.getRandomValues(new Uint16Array(COUNT));
  return [...numbers].map((number) => WORDS[number % WORDS.length]!).join(' ');
}
