/** Codes are read back by the decoder that the booth scans with; compact opened ballots by the check of opened ballots. */
import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from '../src/protocol/compact.ts';
import { readElection } from '../src/protocol/election.ts';
import { utf8 } from '../src/protocol/numbers.ts';
import { checkChallenge } from '../src/protocol/seal.ts';
import { qrCode } from '../src/qr.ts';
import { readFileSync } from 'node:fs';
import { VECTORS, type Booth } from './expected.ts';

const booth = JSON.parse(readFileSync(new URL('known/booth.json', VECTORS), 'utf8')) as Booth;

function decoded(text: string): string | undefined {
  const grid = qrCode(text)!;
  const [scale, quiet] = [3, 4];
  const width = (grid.length + 2 * quiet) * scale;
  const pixels = new Uint8ClampedArray(4 * width * width).fill(255);
  grid.forEach((row, y) =>
    row.forEach((dark, x) => {
      for (let i = 0; dark && i < scale * scale; i++) {
        const [px, py] = [(x + quiet) * scale + (i % scale), (y + quiet) * scale + Math.floor(i / scale)];
        pixels.fill(0, 4 * (py * width + px), 4 * (py * width + px) + 3);
      }
    }),
  );
  return jsQR(pixels, width, width)?.data;
}

describe('codes', () => {
  it.each([1, 17, 18, 100, 230, 231, 500, 1000, 1500, 2000, 2500, 2953])('of %i bytes are read back', (length) => {
    const text = Array.from({ length }, (_, i) => String.fromCharCode(33 + ((i * i + 7 * i) % 90))).join('');
    expect(decoded(text)).toBe(text);
  });

  it('have an end', () => {
    expect(qrCode('a'.repeat(2954))).toBeNull();
  });
});

describe('compact opened ballots', () => {
  it.each(booth.ballots)('$name', ({ election: text, opened, hash, choices }) => {
    const election = readElection(utf8(text));
    const packed = pack(opened);
    expect(packed.length).toBeLessThan(opened.length / 2);
    expect(unpack(packed, election)).toBe(opened);
    expect(checkChallenge(utf8(unpack(packed, election)), election, hash)).toEqual(choices);
  });

  it('that were altered have another hash', () => {
    const { election: text, opened, hash } = booth.ballots[0]!;
    const election = readElection(utf8(text));
    const packed = pack(opened);
    for (const at of [10, 60, packed.length - 10]) {
      const altered = packed.slice(0, at) + (packed[at] === 'A' ? 'B' : 'A') + packed.slice(at + 1);
      expect(() => checkChallenge(utf8(unpack(altered, election)), election, hash)).toThrow();
    }
    expect(() => unpack(packed.slice(0, -8), election)).toThrow();
    expect(() => unpack('!', election)).toThrow();
  });
});
