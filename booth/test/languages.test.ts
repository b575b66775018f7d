/** Languages of the booth: plural forms by the categories of CLDR, days of the calendars, and a seventh language. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { PracticeBox } from '../src/practice/box.ts';
import { exampleSetup } from '../src/practice/example.ts';
import { makeWorld } from '../src/practice/world.ts';
import type { Plural } from '../src/words/catalogue.ts';
import { words as english } from '../src/words/en.ts';
import { LANGUAGES, languageFor, Speaker } from '../src/words/index.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NUMBERS = [...Array(120).keys(), 198, 199, 200, 201, 202, 203, 211, 1000, 1001, 1002, 1003, 1011, 1_000_000];
const spoken = (tag: string): Promise<Speaker> => Speaker.of(languageFor([tag]));

function pluralsOf(value: unknown): Plural[] {
  if (typeof value !== 'object' || value === null) return [];
  return 'other' in value ? [value as Plural] : Object.values(value).flatMap(pluralsOf);
}

describe('plural forms', () => {
  it.each(LANGUAGES.map(({ tag, plurals }) => [tag, plurals]))('%s has a form for each category of whole numbers', async (tag, plurals) => {
    const rules = new Intl.PluralRules(plurals);
    const needed = [...new Set(NUMBERS.map((n) => rules.select(n)))].sort();
    const { words } = await spoken(tag!);
    const forms = pluralsOf(words);
    expect(forms.length).toBe(pluralsOf(english).length);
    // A text without the number itself, as of a list, may say the same for several categories.
    for (const form of forms.filter(({ other }) => other.includes('{n}'))) {
      expect(Object.keys(form).sort()).toEqual([...new Set([...needed, 'other'])].sort());
    }
  });

  // Named here, not asked of Intl: these are CLDR's own examples for Arabic.
  it.each([
    ...([['zero', [0]], ['one', [1]], ['two', [2]], ['few', [3, 10, 103, 110, 1003]]] as const),
    ...([['many', [11, 26, 99, 111, 1011]], ['other', [100, 101, 102, 200, 202, 1000, 1_000_000]]] as const),
  ])('Arabic, %s', async (category, numbers) => {
    const speaker = await spoken('ar');
    const form = speaker.words.missing as Required<Plural>;
    expect(new Set(Object.values(form)).size).toBe(6);
    for (const n of numbers) expect(speaker.plural(form, n)).toBe(speaker.fill(form[category], { n }));
  });
});

describe('calendars and numerals', () => {
  const DAYS = [
    ['1945-12-12', '۲۱ آذر ۱۳۲۴', 1945],
    ['2012-12-12', '۲۲ آذر ۱۳۹۱', 2012],
    ['1945-09-03', '۱۲ شهریور ۱۳۲۴', 1945],
  ] as const;

  it.each(DAYS)('%s is %s', async (day, persian, year) => {
    for (const { tag } of LANGUAGES) {
      const said = (await spoken(tag)).time(`${day}T12:00:00Z`);
      if (tag === 'fa' || tag === 'azb') expect(said).toContain(persian);
      else expect(said).toContain(String(year));
    }
  });

  it('has months of its own where browsers have none, and hours from 0 to 23', async () => {
    expect((await spoken('az')).time('2012-12-12T21:30:00Z')).toBe('12 dekabr 2012, 21:30 UTC');
    for (const { tag } of LANGUAGES) expect((await spoken(tag)).time('2012-12-12T21:30:00Z')).toMatch(/21:30|۲۱:۳۰/);
  });

  it('sets what is put in apart from the direction of the sentence, and numbers in the digits of the language', async () => {
    const said = (await spoken('fa')).fill('{area}: {n}', { area: 'North (1)', n: 1234 });
    expect(said).toBe('\u2068North (1)\u2069: ۱٬۲۳۴');
    expect((await spoken('azb')).number(7)).toBe('۷');
    expect((await spoken('az')).number(7)).toBe('7');
  });
});

describe('a seventh language', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sanduq-seventh-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const marked = (value: unknown): unknown =>
    typeof value === 'string'
      ? `⟦${value}⟧`
      : Array.isArray(value)
        ? value.map(marked)
        : Object.fromEntries(Object.entries(value as object).map(([name, inner]) => [name, marked(inner)]));
  const write = (catalogue: unknown): void =>
    writeFileSync(
      join(folder, 'src/words/qps.ts'),
      `import type { Catalogue } from './catalogue.ts';\n\nexport const words: Catalogue = ${JSON.stringify(catalogue, null, 2)};\n`,
    );
  const types = (): { status: number | null; stdout: string } =>
    spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['--noEmit'], { cwd: folder, encoding: 'utf8' });

  it('is a catalogue and a line', async () => {
    for (const name of ['src', 'tsconfig.json']) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const index = join(folder, 'src/words/index.ts');
    const line = "  { tag: 'qps', name: 'Pseudo', dir: 'rtl', numbers: 'fa', plurals: 'en', load: () => import('./qps.ts') },\n];\n\n/**";
    writeFileSync(index, readFileSync(index, 'utf8').replace('];\n\n/**', line));
    write(marked(english));
    expect(types()).toMatchObject({ status: 0, stdout: '' });
    const more = (await import(/* @vite-ignore */ index)) as typeof import('../src/words/index.ts');
    expect(more.LANGUAGES).toHaveLength(LANGUAGES.length + 1);
    const speaker = await more.Speaker.of(more.languageFor(['qps']));
    expect(speaker.words.choice.title).toBe(`⟦${english.choice.title}⟧`);
    expect(speaker.plural(speaker.words.missing, 1)).toBe('⟦۱ character is missing.⟧');
    // The invented question of the practice is asked in it too.
    const catalogues = new Map([['en', english], ['qps', speaker.words]]);
    const example = (await import(/* @vite-ignore */ join(folder, 'src/practice/example.ts'))) as { exampleSetup: typeof exampleSetup };
    const world = makeWorld('23456789ABCD', example.exampleSetup(catalogues), { qps: speaker.words.practice.word }, null);
    expect(world.setup.languages).toEqual([['en', 'ltr'], ['qps', 'rtl']]);
    expect(world.setup.title.qps).toBe(`⟦${english.practice.word}⟧: ⟦${english.practice.title}⟧`);
    expect(new PracticeBox(world, '', 1_800_000_000).anchor).toBe(world.setup.anchor);
  });

  it('is refused with a gap', () => {
    const { booth: _, ...rest } = marked(english) as typeof english;
    write(rest);
    const { status, stdout } = types();
    expect(status).not.toBe(0);
    expect(stdout).toContain('qps.ts');
  });
});
