/** A question that nobody could take for a real one, in every language of the booth. */
import { writeSorted } from '../protocol/json.ts';
import { sha256Hex, utf8 } from '../protocol/numbers.ts';
import type { Catalogue } from '../words/catalogue.ts';
import { LANGUAGES } from '../words/index.ts';
import { MARK } from './world.ts';

type Name = keyof Catalogue['practice'];

/** The text of a setup as the vote site would give it. Who practises fills in what is missing. */
export function exampleSetup(catalogues: ReadonlyMap<string, Catalogue>): Uint8Array {
  const texts = (name: Name): Record<string, string> =>
    Object.fromEntries([...catalogues].map(([tag, words]) => [tag, words.practice[name]]));
  const none = sha256Hex(utf8(''));
  return utf8(
    writeSorted({
      format: 'sanduq-setup-1',
      title: texts('title'),
      languages: LANGUAGES.filter(({ tag }) => catalogues.has(tag)).map(({ tag, dir }) => [tag, dir]),
      questions: [
        {
          id: 'fountain',
          text: texts('question'),
          answers: [
            { id: 'lemonade', text: texts('yes') },
            { id: 'water', text: texts('no') },
          ],
          ...{ blank: true, min: 1, max: 1 },
        },
      ],
      rule: {
        decides: 'whole',
        items: [
          {
            ...{ id: 'fountain', kind: 'proposal', accept: 'lemonade', tie: 'fails' },
            share: { of: 'valid-votes', compare: 'more-than', needed: '1/2' },
          },
        ],
      },
      calendar: { opens: '2000-01-01T00:00:00Z', closes: '2100-01-01T00:00:00Z' },
      ...{ minimum_ballots: 0, below_minimum: 'uncounted', commission: MARK, registrar: MARK },
      ...{ trustees: { mandatory: 1, size: 0, threshold: 0 }, trustees_sha256: none, box_key: none, booth_sha256: null },
      ...{ bindings: false, regions: [] },
      areas: [
        {
          ...{ code: 'limonadia', name: 'Limonadia', parent: null, electorate: 1, language: LANGUAGES[0]!.tag },
          ...{ uuid: MARK, roll_sha256: none },
        },
      ],
    }),
  );
}
