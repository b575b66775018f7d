/** The refusals of chapter 10 of the specification: the library's names and numbers. Apart from the booth's, which has no part in them. */

export const STEPS = {
  SumsMalformed: '10.1',
  SumsPath: '10.2',
  SumsOrder: '10.3',
  SumsCollision: '10.4',
  MinisignMalformed: '10.5',
  SignaturePrehashed: '10.6',
  EditionKeyInvalid: '10.7',
  EditionKeySmallOrder: '10.8',
  SignatureOtherKey: '10.9',
  EditionSignatureInvalid: '10.10',
  EditionCommentInvalid: '10.11',
  EditionComment: '10.12',
  RenewalInvalid: '10.13',
  FileChanged: '10.14',
  FileExtra: '10.15',
  EditionUnsigned: '10.16',
  FileMissing: '10.17',
} as const;

export type RefusalName = keyof typeof STEPS;

/** What we were given is refused; `message` is for whoever looks closer. */
export class Refused extends Error {
  readonly step: string;

  constructor(
    readonly refusal: RefusalName,
    particular = '',
  ) {
    super(`${particular || refusal} [${STEPS[refusal]} ${refusal}]`);
    this.name = refusal;
    this.step = STEPS[refusal];
  }
}

export function require(refusal: RefusalName, holds: boolean, particular = ''): asserts holds {
  if (!holds) throw new Refused(refusal, particular);
}

/** What `act` gives, or the refusal with which it ends. */
export function caught<T>(act: () => T): T | Refused {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}
