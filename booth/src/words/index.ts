/** The languages of the booth's own texts. A new one is a catalogue and a line here. */
import type { Catalogue, Plural } from './catalogue.ts';

interface Language {
  readonly tag: string;
  /** Its own name, as its readers look for it. */
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
  /**
   * What `Intl` knows it as, in every browser. For azb it has nothing: its readers share numerals and calendar with Persian. For az
   * Chromium has neither numbers nor months: numbers and plural forms are those of Turkish, the months stand in the catalogue.
   */
  readonly numbers: string;
  readonly plurals: string;
  readonly load: () => Promise<{ readonly words: Catalogue }>;
}

export const LANGUAGES: readonly Language[] = [
  { tag: 'en', name: 'English', dir: 'ltr', numbers: 'en-GB', plurals: 'en', load: () => import('./en.ts') },
  { tag: 'az', name: 'Azərbaycanca', dir: 'ltr', numbers: 'tr', plurals: 'tr', load: () => import('./az.ts') },
  { tag: 'azb', name: 'تۆرکجه', dir: 'rtl', numbers: 'fa', plurals: 'tr', load: () => import('./azb.ts') },
  { tag: 'fa', name: 'فارسی', dir: 'rtl', numbers: 'fa', plurals: 'fa', load: () => import('./fa.ts') },
  { tag: 'ar', name: 'العربية', dir: 'rtl', numbers: 'ar-u-nu-latn', plurals: 'ar', load: () => import('./ar.ts') },
  { tag: 'tr', name: 'Türkçe', dir: 'ltr', numbers: 'tr', plurals: 'tr', load: () => import('./tr.ts') },
];

/** The language of this tag, else the first that fits: `az-Arab` and `az-IR` are azb here. */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const southern = /^az-(Arab|IR)/i.test(tag) ? 'azb' : tag.toLowerCase().split('-')[0];
    const found = LANGUAGES.find((language) => language.tag === southern);
    if (found) return found;
  }
  return LANGUAGES[0]!;
}

export type Values = Readonly<Record<string, string | number>>;

/** Speaks one language: texts with what is put in, plural forms, numbers, times. */
export class Speaker {
  private readonly rules: Intl.PluralRules;
  private readonly digits: Intl.NumberFormat;

  constructor(
    readonly language: Language,
    readonly words: Catalogue,
  ) {
    this.rules = new Intl.PluralRules(language.plurals);
    this.digits = new Intl.NumberFormat(language.numbers);
  }

  static async of(language: Language): Promise<Speaker> {
    return new Speaker(language, (await language.load()).words);
  }

  /** The text with its `{…}` filled: numbers in the digits of the language, texts set apart (U+2068) from its direction. */
  fill(text: string, values: Values): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === 'number' ? this.digits.format(value) : `\u2068${value}\u2069`;
    });
  }

  plural(forms: Plural, n: number, values: Values = {}): string {
    return this.fill(forms[this.rules.select(n)] ?? forms.other, { n, ...values });
  }

  number(n: number): string {
    return this.digits.format(n);
  }

  /** A moment in the calendar of the language, in the time zone of the device, which is named. */
  time(iso: string): string {
    const options: Intl.DateTimeFormatOptions = {
      ...{ year: 'numeric', month: 'long', day: 'numeric' },
      ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' },
    };
    const { months } = this.words;
    if (months) {
      const parts = new Intl.DateTimeFormat('en-GB', { ...options, month: 'numeric' }).formatToParts(new Date(iso));
      const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
      return `${part('day')} ${months[Number(part('month')) - 1]} ${part('year')}, ${part('hour')}:${part('minute')} ${part('timeZoneName')}`;
    }
    return new Intl.DateTimeFormat(this.language.numbers, options).format(new Date(iso));
  }
}
