/** The form of a catalogue: every text of the booth, once per language. `{name}` stands for what is put in. */

/** A text for each plural category that the language has (CLDR); `other` is always there. */
export type Plural = { readonly other: string } & { readonly [C in Exclude<Intl.LDMLPluralRule, 'other'>]?: string };

export interface Catalogue {
  readonly booth: string;
  readonly language: string;
  readonly steps: readonly [string, string, string, string, string];
  readonly progress: string;
  readonly buttons: Record<'next' | 'retry' | 'again' | 'copy' | 'copied' | 'print', string>;
  readonly loading: string;
  readonly anchor: Record<'label' | 'what', string>;
  readonly area: Record<'label' | 'choose' | 'missing', string>;
  readonly until: string;
  /** Names of the months, January first, where browsers have none. */
  readonly months?: readonly string[];
  readonly credential: Record<
    'title' | 'intro' | 'label' | 'hint' | 'stays' | 'scan' | 'scanning' | 'stop' | 'checking' | 'good' | 'checked' | 'fromLink',
    string
  >;
  readonly typed: Record<'empty' | 'alphabet' | 'unknown' | 'noCode' | 'noCamera', string>;
  readonly missing: Plural;
  readonly extra: Plural;
  readonly groups: Plural;
  readonly choice: Record<'title' | 'one' | 'blank' | 'none' | 'needed' | 'otherLanguage' | 'information' | 'sides', string>;
  readonly upTo: Plural;
  readonly review: Record<'title' | 'intro' | 'again' | 'change' | 'seal' | 'sealing', string>;
  readonly sealed: Record<
    'title' | 'intro' | 'hash' | 'note' | 'cast' | 'castWhat' | 'challenge' | 'challengeWhat' | 'opened',
    string
  >;
  readonly send: Record<
    | 'title' | 'intro' | 'tracker' | 'sending' | 'waits' | 'now' | 'keep' | 'keepWhat' | 'kept' | 'dropped' | 'saveBallot'
    | 'refused' | 'badReceipt' | 'closed' | 'superseded' | 'found' | 'foundWhat' | 'sendIt' | 'deleteIt' | 'deleted',
    string
  >;
  readonly inSeconds: Plural;
  readonly code: Record<
    | 'pinTitle' | 'pinIntro' | 'pinLabel' | 'pinWrong' | 'mailTitle' | 'mailIntro' | 'mailLabel' | 'mailWrong' | 'expired'
    | 'noAddress' | 'another' | 'form' | 'stays',
    string
  >;
  readonly codeWait: Plural;
  readonly done: Record<
    | 'title' | 'intro' | 'tracker' | 'trackerWhat' | 'area' | 'height' | 'receipt' | 'saveReceipt' | 'again' | 'againWhat'
    | 'finish' | 'finished' | 'finishedWhat',
    string
  >;
  readonly opened: Record<
    'title' | 'intro' | 'holds' | 'how' | 'code' | 'device' | 'command' | 'secret' | 'text' | 'save' | 'again', string
  >;
  readonly check: Record<
    'title' | 'intro' | 'file' | 'text' | 'hash' | 'run' | 'good' | 'bad', string
  >;
  readonly find: Record<'title' | 'intro' | 'found' | 'foundWhat' | 'none' | 'noneWhat' | 'others', string>;
  readonly error: Record<
    'title' | 'network' | 'noReferendum' | 'otherSetup' | 'otherElection' | 'notOpen' | 'over' | 'unexpected', string
  >;
  readonly practice: Record<
    | 'word' | 'banner' | 'letter' | 'fromLink' | 'record' | 'recordWhat' | 'setup' | 'counts' | 'replaced' | 'saveRecord' | 'open'
    | 'openWhat' | 'title' | 'question' | 'yes' | 'no',
    string
  >;
}
