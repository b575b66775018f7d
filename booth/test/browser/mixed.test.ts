/**
 * One ceremony of three programs: the page's desk, `sanduq keys`, and belenios-tool, if it is there. Here and not in test/, as it takes long: it is run
 * with what is played in browsers.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { commitmentOf, readPolynomial } from '../../src/keys/ceremony.ts';
import { Desk, type Given } from '../../src/trustee/desk.ts';
import { fleetingStore } from '../../src/trustee/store.ts';
import { sanduq } from './record.ts';
import { clean, temporary } from './temporary.ts';

const TOOL = fileURLToPath(new URL('../../../.tools/belenios-tool/belenios-tool', import.meta.url));
const SETUP = ['setup', 'generate-trustee-key-threshold', '--group', 'Ed25519'];
const PASSPHRASE = 'seven sails on the sea';

/** A trustee, whatever it uses: each step gives the line to hand over. */
interface Party {
  begin(index: number): Promise<string> | string;
  polynomial(certs: string): Promise<string> | string;
  /** From what reaches it, with the commitments. */
  finish(files: Record<'certs' | 'commitments' | 'polynomials' | 'vinput', string>): Promise<string> | string;
}

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

class Page implements Party {
  readonly desk = new Desk(fleetingStore(), undefined, 4);

  private async save(): Promise<void> {
    expect(await this.desk.readBack(await this.desk.sealed(PASSPHRASE), PASSPHRASE)).toBe(true);
  }

  async begin(index: number): Promise<string> {
    await this.desk.make({ size: 3, threshold: 2, index });
    await this.save();
    return this.desk.own('cert')!;
  }

  private async take(kind: Given['kind'], text: string): Promise<void> {
    const given = text.trim().split('\n').map((line, i): Given => ({ name: kind, kind, text: line, ...(kind === 'commitment' && { of: i + 1 }) }));
    expect(await this.desk.take(given)).toEqual([]);
  }

  async polynomial(certs: string): Promise<string> {
    await this.take('cert', certs);
    return this.desk.board.held!;
  }

  async finish({ commitments, polynomials }: Parameters<Party['finish']>[0]): Promise<string> {
    await this.take('commitment', commitments);
    await this.take('polynomial', polynomials);
    expect(this.desk.problem).toBe(null);
    await this.save();
    return this.desk.own('voutput')!;
  }
}

class CommandLine implements Party {
  readonly folder = temporary('command');
  private readonly read = (name: string): string => readFileSync(join(this.folder, name), 'utf8').trim();

  begin(index: number): string {
    sanduq(this.folder, 'keys', 'begin', '--index', String(index), '--threshold', '2', '--size', '3', '--out', 'me');
    return this.read('me/trustee.cert');
  }

  polynomial(certs: string): string {
    writeFileSync(join(this.folder, 'certs.jsons'), certs);
    sanduq(this.folder, 'keys', 'polynomial', '--certs', 'certs.jsons', '--key', 'me/trustee.key', '--out', 'me');
    return this.read('me/trustee.polynomial');
  }

  finish({ commitments, vinput }: Parameters<Party['finish']>[0]): string {
    writeFileSync(join(this.folder, 'commitments'), commitments);
    writeFileSync(join(this.folder, 'vinput'), vinput);
    const with_ = ['--certs', 'certs.jsons', '--key', 'me/trustee.key', '--vinput', 'vinput', '--commitments', 'commitments'];
    sanduq(this.folder, 'keys', 'finish', ...with_, '--out', 'me');
    return this.read('me/trustee.voutput');
  }
}

class Belenios implements Party {
  readonly folder = temporary('belenios');
  private id = '';
  private index = 0;

  private run(args: readonly string[], input = ''): string {
    return execFileSync(TOOL, [...SETUP, ...args], { cwd: this.folder, encoding: 'utf8', input, stdio: 'pipe', env: { ...process.env, BELENIOS_USE_URANDOM: '1' } }).trim();
  }

  begin(index: number): string {
    this.index = index;
    this.id = this.run(['--step', '1', '--threshold-context', `${index}/2/3`]);
    return readFileSync(join(this.folder, `${this.id}.cert`), 'utf8').trim();
  }

  polynomial(certs: string): string {
    writeFileSync(join(this.folder, 'certs.jsons'), certs);
    return this.run(['--step', '3', '--certs', 'certs.jsons', '--key', `${this.id}.key`, '--threshold-context', `${this.index}/2/3`]);
  }

  finish({ vinput }: Parameters<Party['finish']>[0]): string {
    return this.run(['--step', '5', '--certs', 'certs.jsons', '--key', `${this.id}.key`], vinput);
  }
}

afterAll(clean);

const PARTIES = { page: () => new Page(), command: () => new CommandLine(), belenios: () => new Belenios() };
type Name = keyof typeof PARTIES;
const GROUPS: readonly (readonly Name[])[] = [['page', 'command', 'page'], ['command', 'page', 'belenios'], ['belenios', 'belenios', 'page']];

describe.each(GROUPS)('%s, %s and %s', (...names) => {
  const missing = names.includes('belenios') && !existsSync(TOOL);

  it.skipIf(missing)('make a key that each of them accepts', async () => {
    const folder = temporary('mixed');
    const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
    const parties = names.map((name) => PARTIES[name]());
    const each = async (act: (party: Party, i: number) => Promise<string> | string): Promise<string[]> => {
      const made: string[] = [];
      for (const [i, party] of parties.entries()) made.push(await act(party, i));
      return made;
    };
    const certs = lines(await each((party, i) => party.begin(i + 1)));
    const made = await each((party) => party.polynomial(certs));
    const commitments = lines(made.map((line) => commitmentOf(readPolynomial(line))));
    const polynomials = lines(made);
    put('certs.jsons', certs);
    put('polynomials.jsons', polynomials);
    sanduq(folder, 'keys', 'route', '--certs', 'certs.jsons', '--polynomials', 'polynomials.jsons', '--out', 'vinputs');
    const vinput = (i: number): string => readFileSync(join(folder, `vinputs/${i + 1}.vinput`), 'utf8');
    const voutputs = await each((party, i) => party.finish({ certs, commitments, polynomials, vinput: vinput(i) }));
    put('voutputs.jsons', lines(voutputs));
    const files = ['--certs', 'certs.jsons', '--polynomials', 'polynomials.jsons', '--voutputs', 'voutputs.jsons'];
    sanduq(folder, 'keys', 'assemble', ...files, '--out', 'group.json');
    sanduq(folder, 'keys', 'trustees', '--group', 'group.json', '--out', 'trustees.json');
    const trustees = readFileSync(join(folder, 'trustees.json'), 'utf8');
    for (const party of parties) {
      if (!(party instanceof Page)) continue;
      expect(await party.desk.take(voutputs.map((text) => ({ name: 'voutput', kind: 'voutput', text })))).toEqual([]);
      expect(party.desk.board.assembled()).toBe(trustees);
      await party.desk.settle(trustees);
    }
    // belenios-tool puts the group together, too, and to the same bytes.
    if (existsSync(TOOL)) {
      const env = { ...process.env, BELENIOS_USE_URANDOM: '1' };
      const step6 = [...SETUP, '--step', '6', '--certs', 'certs.jsons', '--polynomials', 'polynomials.jsons'];
      const group = execFileSync(TOOL, step6, { cwd: folder, encoding: 'utf8', input: lines(voutputs), stdio: 'pipe', env });
      expect(group.trim()).toBe(readFileSync(join(folder, 'group.json'), 'utf8').trim());
    }
  });
});
