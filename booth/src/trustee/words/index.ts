/** What the page says, in six languages. What a refusal says to whoever looks closer is English in all of them. */
import type { Step } from '../desk.ts';
import type { Why } from '../worker.ts';
import { ar } from './ar.ts';
import { az } from './az.ts';
import { azb } from './azb.ts';
import { en } from './en.ts';
import { fa } from './fa.ts';
import { tr } from './tr.ts';

export type Place = Step | 'record' | 'heads' | 'decrypt' | 'end';

export interface Texts {
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
  /** What `Intl` knows its digits as. */
  readonly numbers: string;
  readonly language: string;
  readonly title: string;
  readonly intro: string;
  readonly online: string;
  readonly forged: string;
  readonly lost: string;
  readonly now: string;
  readonly way: string;
  readonly states: Record<'done' | 'now' | 'later', string>;
  readonly parts: readonly [string, string];
  readonly steps: Record<Place, readonly [title: string, what: string]>;
  readonly groupKey: string;
  readonly singleKey: string;
  readonly index: string;
  readonly size: string;
  readonly threshold: string;
  readonly publicName: string;
  readonly make: string;
  readonly openTitle: string;
  readonly keyFiles: string;
  readonly passphrase: string;
  readonly open: string;
  readonly newPassphrase: string;
  readonly propose: string;
  readonly saveKey: string;
  readonly readBack: string;
  readonly again: string;
  readonly check: string;
  readonly errors: Record<
    | 'wrongPassphrase' | 'shortPassphrase' | 'otherKey' | 'notAKey' | 'notOurs' | 'different' | 'refused' | 'server' | 'round' | 'place' | 'broken',
    string
  >;
  readonly handOver: string;
  readonly send: string;
  readonly sent: string;
  readonly theirs: string;
  readonly commitments: string;
  readonly put: string;
  readonly trustee: string;
  readonly me: string;
  readonly there: string;
  readonly missing: string;
  readonly earlier: string;
  readonly collected: string;
  readonly collectAnew: string;
  readonly stuck: string;
  readonly heldLost: string;
  readonly keepHeld: string;
  readonly number: string;
  readonly publicKey: string;
  readonly sha256: string;
  readonly unsettled: string;
  readonly mandatoryToo: string;
  readonly settle: string;
  readonly tried: string;
  readonly toRecord: string;
  readonly toCeremony: string;
  readonly anchor: string;
  readonly anchorSlip: string;
  readonly folder: string;
  readonly files: string;
  readonly fromServer: string;
  readonly verify: string;
  readonly stop: string;
  readonly at: string;
  readonly whys: Record<Why, string>;
  readonly refusal: string;
  readonly verified: string;
  readonly below: string;
  readonly enough: string;
  readonly more: string;
  readonly decrypt: string;
  readonly decrypting: string;
  readonly memory: string;
  readonly fleeting: string;
}

export const TEXTS: Record<string, Texts> = { en, az, azb, fa, ar, tr };
