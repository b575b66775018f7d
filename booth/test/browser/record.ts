/** A real referendum, frozen and open, made with the command line: two areas, two questions in English and Persian, two trustees of three. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporary } from './temporary.ts';

export const OPEN = '2030-05-01T08:00:00Z';
const python = process.env.SANDUQ_PYTHON ?? fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));

export interface Referendum {
  readonly folder: string;
  readonly anchor: string;
  /** By area. */
  readonly credentials: Readonly<Record<string, readonly string[]>>;
  readonly archives: Readonly<Record<string, string>>;
}

const DRAFT = `format = 1
languages = ["en", "fa"]
minimum = 0
title = { en = "The bridge", fa = "پل" }

[calendar]
opens = "2030-05-01T06:00:00Z"
closes = "2030-05-03T18:00:00Z"

[trustees]
count = 3
threshold = 2

[areas]
files = ["areas.csv"]
columns = { code = "code", name = "name", parent = "parent", electorate = "electorate" }

[[questions]]
id = "bridge"
text = { en = "Shall the bridge over the river be built as the commission planned it?", fa = "آیا پل روی رودخانه چنان که کمیسیون برنامه‌ریزی کرده است ساخته شود؟" }
blank = true
answers = [
  { id = "yes", text = { en = "Yes, as planned", fa = "آری، چنان که برنامه‌ریزی شده" } },
  { id = "no", text = { en = "No", fa = "نه" } },
]

[[questions]]
id = "name"
text = { en = "What shall the bridge be called?", fa = "پل چه نامیده شود؟" }
blank = false
answers = [
  { id = "poplar", text = { en = "Poplar Bridge", fa = "پل سپیدار" } },
  { id = "mill", text = { en = "Mill Bridge", fa = "پل آسیاب" } },
  { id = "new", text = { en = "New Bridge", fa = "پل نو" } },
]

[information]
text = { en = "The bridge would join both banks.", fa = "پل دو کرانه را به هم می‌پیوندد." }

[[information.sides]]
heading = { en = "For the bridge", fa = "موافقان پل" }
text = { en = "The way to the market becomes shorter.", fa = "راه بازار کوتاه‌تر می‌شود." }

[[information.sides]]
heading = { en = "Against the bridge", fa = "مخالفان پل" }
text = { en = "The ferry is enough for the town now.", fa = "قایق برای شهر بس است هنوز." }

[rule]
decides = "whole"

[[rule.items]]
id = "bridge"
kind = "proposal"
accept = "yes"
share = { of = "valid-votes", compare = "more-than", needed = "1/2" }
tie = "fails"

[[rule.items]]
id = "name"
kind = "choice"
tie = "none"
`;

/** Runs `sanduq …` in the folder; what it printed. */
export function sanduq(folder: string, ...args: string[]): string {
  return execFileSync(python, ['-m', 'sanduq', ...args], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export function joined(folder: string, from: readonly string[], to: string): void {
  writeFileSync(join(folder, to), from.map((name) => readFileSync(join(folder, name), 'utf8')).join(''));
}

/** The trustees' ceremony, as docs/learn/first-referendum.md has it. */
function ceremony(folder: string): void {
  const run = (...args: string[]): string => sanduq(folder, ...args);
  const all = ['1', '2', '3'];
  const each = (act: (i: string) => void): void => all.forEach(act);
  const files = (name: string): string[] => all.map((i) => `trustee${i}/trustee.${name}`);
  each((i) => run('keys', 'begin', '--index', i, '--threshold', '2', '--size', '3', '--out', `trustee${i}`));
  joined(folder, files('cert'), 'certs.jsons');
  each((i) => run('keys', 'polynomial', '--certs', 'certs.jsons', '--key', `trustee${i}/trustee.key`, '--out', `trustee${i}`));
  joined(folder, files('commitment'), 'commitments');
  joined(folder, files('polynomial'), 'polynomials.jsons');
  run('keys', 'route', '--certs', 'certs.jsons', '--polynomials', 'polynomials.jsons', '--out', 'vinputs');
  each((i) => {
    const mine = ['--key', `trustee${i}/trustee.key`, '--vinput', `vinputs/${i}.vinput`, '--commitments', 'commitments'];
    run('keys', 'finish', '--certs', 'certs.jsons', ...mine, '--out', `trustee${i}`);
  });
  joined(folder, files('voutput'), 'voutputs.jsons');
  const parts = ['--certs', 'certs.jsons', '--polynomials', 'polynomials.jsons', '--voutputs', 'voutputs.jsons'];
  run('keys', 'assemble', ...parts, '--out', 'group.json');
  run('keys', 'trustees', '--group', 'group.json', '--out', 'trustees.json');
}

export function makeReferendum(): Referendum {
  const folder = temporary('booth');
  ceremony(folder);
  return freeze(folder);
}

/** A referendum of two areas, open, in a folder where `trustees.json` is; `draft` may change what is drafted. */
export function freeze(folder: string, draft = (text: string): string => text): Referendum {
  const run = (...args: string[]): string => sanduq(folder, ...args);
  run('question', 'new', 'bridge');
  writeFileSync(join(folder, 'bridge/referendum.toml'), draft(DRAFT));
  writeFileSync(join(folder, 'bridge/areas.csv'), 'code,name,parent,electorate\nnorth,North bank,valley,40\nsouth,South bank,valley,40\n');
  for (const area of ['north', 'south']) run('roll', 'credentials', '--count', '40', '--unencrypted', '--out', `rolls/${area}`);
  run('box', 'key', '--out', 'box-key');
  const inputs = ['--rolls', 'rolls', '--trustees', 'trustees.json', '--box-key', 'box-key/box.pub'];
  run('question', 'freeze', 'bridge/referendum.toml', ...inputs, '--out', 'record', '--time', '2030-04-30T12:00:00Z');
  run('box', 'open', 'record', '--time', '2030-05-01T06:00:00Z');
  const only = (path: string, end: string): string => join(path, readdirSync(join(folder, path)).find((name) => name.endsWith(end))!);
  const secrets = (area: string): string[] =>
    readFileSync(join(folder, only(`rolls/${area}`, '.credentials.csv')), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',')[1]!);
  return {
    folder,
    anchor: createHash('sha256').update(readFileSync(join(folder, 'record/setup.json'))).digest('hex'),
    credentials: { north: secrets('north'), south: secrets('south') },
    archives: { north: only('record/areas/north', '.bel'), south: only('record/areas/south', '.bel') },
  };
}
