/** Receipts: the box's signed word that a ballot stands in the archive (spec 5.b). */
import { ed25519 } from '@noble/curves/ed25519.js';
import { Refused, require } from './errors.ts';
import { Form, read, writeSorted } from './json.ts';
import { hexToBytes, utf8 } from './numbers.ts';

/** What stands before the signed text, so that no other signature of the box's key can pass for a receipt. */
export const RECEIPT_PREFIX = 'sanduq-receipt-1|';
const form = new Form('ReceiptInvalid');

/** What the box signed: the election's uuid, the ballot's tracker, the event's height (from 0) and hash. */
export interface Receipt {
  readonly event: string;
  readonly height: number;
  readonly signature: string;
  readonly tracker: string;
  readonly uuid: string;
}

export function readReceipt(data: Uint8Array): Receipt {
  const fields = form.fields(read(data), ['event', 'height', 'signature', 'tracker', 'uuid']);
  return {
    event: form.hash(fields.event, 'event'),
    height: form.number(fields.height, 'height'),
    signature: form.text(fields.signature, 'signature'),
    tracker: form.text(fields.tracker, 'tracker'),
    uuid: form.text(fields.uuid, 'uuid'),
  };
}

export function receiptText({ event, height, signature, tracker, uuid }: Receipt): string {
  return writeSorted({ event, height, signature, tracker, uuid });
}

/** The receipt is signed by the box whose key stands in the setup (5.3). */
export function checkReceipt(receipt: Receipt, boxKey: string): void {
  const { event, height, tracker, uuid } = receipt;
  const signed = utf8(RECEIPT_PREFIX + writeSorted({ event, height, tracker, uuid }));
  const [signature, key] = [hexToBytes(receipt.signature), hexToBytes(boxKey)];
  let holds = false;
  try {
    // zip215: false asks for the canonical encodings of RFC 8032 and FIPS 186-5.
    holds = signature !== null && key !== null && ed25519.verify(signature, signed, key, { zip215: false });
  } catch {
    holds = false;
  }
  require('ReceiptInvalid', holds, "the signature is not the box's");
}

/** The same, and it is the receipt of this ballot in this area. */
export function checkReceiptFor(receipt: Receipt, boxKey: string, uuid: string, tracker: string): void {
  if (receipt.uuid !== uuid || receipt.tracker !== tracker) throw new Refused('ReceiptInvalid', 'of another ballot');
  checkReceipt(receipt, boxKey);
}
