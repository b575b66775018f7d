/** A server that carries the messages of a ceremony, as docs/look-up/trustee-http.md has it: for the tests, with one trustee logged in. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refused } from '../../src/protocol/errors.ts';
import { Board, type Kind } from '../../src/trustee/board.ts';

const PAGE = new URL('../../dist-trustee/trustee-online.html', import.meta.url);
const KINDS = ['cert', 'commitment', 'polynomial', 'voutput'] as const;

export class CeremonyServer {
  board = new Board({ size: 3, threshold: 2, index: 1 });
  round = 1;
  /** Everything that came, with its headers. */
  readonly seen: string[] = [];
  private server!: Server;

  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        this.seen.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}`);
        const answer = (status: number, text: string, type = 'application/json'): void => {
          response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(text);
        };
        if (request.url === '/trustee/7/') return answer(200, readFileSync(PAGE, 'utf8'), 'text/html; charset=utf-8');
        if (request.url === '/trustee/7/ceremony/state') return answer(200, this.state());
        if (request.url !== '/trustee/7/ceremony/message') return answer(404, '{}');
        if (request.headers['x-csrftoken'] !== 'a token') return answer(403, '{}');
        const { round, kind, text } = JSON.parse(body) as { round: number; kind: Kind; text: string };
        if (round !== this.round) return answer(409, '{"detail":"another round"}');
        try {
          this.take(1, kind, text);
          answer(200, this.state());
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          answer(400, JSON.stringify({ detail: 'refused', step: error.step, error: error.name }));
        }
      });
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/trustee/7/`;
  }

  stop(): void {
    this.server.close();
  }

  /** What one of the trustees hands over. */
  take(index: number, kind: Kind, text: string): void {
    if (kind === 'polynomial') {
      if (this.board.commitments === null) throw new Refused('CommitmentMismatch', 'not all commitments are there');
      this.board.polynomial[index - 1] = text;
    } else if (kind === 'trial') {
      this.board.put({ kind, text });
    } else this.board.put({ kind, text, of: index });
    const assembled = this.board.trustees === null ? this.board.assembled() : null;
    if (assembled) this.board.put({ kind: 'trustees', text: assembled });
  }

  private state(): string {
    const { board } = this;
    const owned = (texts: ReadonlyMap<number, string>): (string | null)[] => [1, 2, 3].map((owner) => texts.get(owner) ?? null);
    const polynomial = board.commitments === null ? [null, null, null] : board.polynomial;
    const places = Object.fromEntries(KINDS.map((kind) => [kind, kind === 'polynomial' ? polynomial : board[kind]]));
    return JSON.stringify({
      ...{ format: 'sanduq-ceremony-1', csrf: 'a token', title: 'The bridge', round: this.round, mandatory: 0, owner: 1, step: 'cert' },
      group: { size: 3, threshold: 2, index: 1 },
      messages: { ...places, trial: owned(board.trials), heads: [null, null, null], decryption: [null, null, null] },
      ...{ pubkey: null, trustees: board.trustees, record: null },
    });
  }
}
