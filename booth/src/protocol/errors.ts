/**
 * The refusals that a booth, a trustee's page or a verifier in the browser can meet: the names and step numbers of the specification's tables, the same as in the library's
 * error tree. Messages say what was expected and what was got, and never hold a secret.
 */

export const STEPS = {
  MalformedJson: '0.1',
  NotCanonical: '0.2',
  ScalarNotReduced: '0.3',
  PointInvalid: '0.4',
  PointOutsideGroup: '0.5',
  Truncated: '0.6',
  TarHeader: '0.7',
  RecordName: '0.8',
  ArchiveHeader: '0.9',
  RecordOversize: '0.10',
  RecordHash: '0.11',
  EventParent: '0.12',
  EventHeight: '0.13',
  EventPayload: '0.14',
  EventOrder: '0.15',
  RollMalformed: '1.1',
  RollDuplicate: '1.2',
  RollKeyIdentity: '1.3',
  RollWeight: '1.4',
  CertificateMalformed: '1.5',
  CertificateMismatch: '1.6',
  CertificateInvalid: '1.7',
  CredentialMalformed: '1.8',
  ElectionMalformed: '2.1',
  UnsupportedVersion: '2.2',
  UnsupportedGroup: '2.3',
  UnsupportedQuestion: '2.4',
  QuestionBounds: '2.5',
  UuidInvalid: '2.6',
  SetupMalformed: '2.7',
  SetupNotCanonical: '2.8',
  SetupAreas: '2.9',
  SetupTexts: '2.10',
  RuleInvalid: '2.11',
  SetupInformation: '2.12',
  SupervisorKeyInvalid: '2.13',
  TestUuid: '2.14',
  TrusteesMalformed: '3.1',
  NoTrustees: '3.2',
  TrusteeKeyIdentity: '3.3',
  TrusteeTwice: '3.4',
  KeyProofInvalid: '3.5',
  ThresholdInvalid: '3.6',
  CertContext: '3.7',
  CertSignature: '3.8',
  CoefficientsSignature: '3.9',
  CertsSignature: '3.10',
  VerificationKeyWrong: '3.11',
  VerificationKeySignature: '3.12',
  ElectionKeyWrong: '3.13',
  ElectionKeyIdentity: '3.14',
  SecretShareWrong: '3.15',
  MessageRefused: '3.16',
  CommitmentMismatch: '3.17',
  SecretKeyMismatch: '3.18',
  TrusteePolicy: '3.19',
  BallotOversize: '4.1',
  BallotMalformed: '4.2',
  BallotNotCanonical: '4.3',
  BallotOtherElection: '4.4',
  BallotOtherQuestions: '4.5',
  CredentialUnknown: '4.6',
  BallotReplayed: '4.7',
  BallotShape: '4.8',
  AlphaIdentity: '4.9',
  AlphaRepeated: '4.10',
  IndividualProofInvalid: '4.11',
  OverallProofInvalid: '4.12',
  BlankProofInvalid: '4.13',
  SignatureHashInvalid: '4.14',
  SignatureInvalid: '4.15',
  ChallengeMismatch: '4.16',
  SealSpent: '4.17',
  ChoiceInvalid: '4.18',
  BoxNotOpen: '5.1',
  BallotSuperseded: '5.2',
  ReceiptInvalid: '5.3',
  CountWrong: '7.1',
  WeightWrong: '7.2',
  EncryptedSumWrong: '7.3',
  DecryptionMalformed: '7.4',
  DecryptionOwner: '7.5',
  DecryptionTwice: '7.6',
  DecryptionProofInvalid: '7.7',
  DecryptionsMissing: '7.8',
  ResultMalformed: '7.9',
  ResultWrong: '7.10',
  TallyMalformed: '7.11',
  BelowMinimum: '7.12',
  AlreadyDecrypted: '7.13',
  HeadMismatch: '7.14',
  NotInSetup: '7.15',
  DecryptionsDisagree: '7.16',
  BindingInvalid: '7.17',
  AnchorMismatch: '8.1',
  AreaOtherSetup: '8.5',
  AreaRoll: '8.6',
  AreaTrustees: '8.7',
  FingerprintMismatch: '8.12',
} as const;

export type RefusalName = keyof typeof STEPS;

/** What we were given is refused. `places` is the way to the culprit from the outside in. */
export class Refused extends Error {
  readonly step: string;
  readonly places: string[] = [];

  constructor(
    readonly refusal: RefusalName,
    readonly particular = '',
  ) {
    super();
    this.name = refusal;
    this.step = STEPS[refusal];
    this.tell();
  }

  /** Say that this happened inside `place`; returns itself, to be thrown again. */
  within(place: string): this {
    this.places.unshift(place);
    this.tell();
    return this;
  }

  private tell(): void {
    const where = this.places.map((place) => `${place}: `).join('');
    this.message = `${where}${this.particular || this.refusal} [${this.step} ${this.refusal}]`;
  }
}

/** Refuse unless `holds`. All checks of the verifier go through here. */
export function require(refusal: RefusalName, holds: boolean, particular = ''): asserts holds {
  if (!holds) throw new Refused(refusal, particular);
}

/** Run `act`; a refusal inside says that it happened in `place`. */
export function inside<T>(place: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof Refused ? error.within(place) : error;
  }
}
