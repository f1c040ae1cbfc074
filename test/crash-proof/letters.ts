import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import type { MessageDraft } from '../../src/core/message.ts';
import type { Address } from '../../src/core/platform.ts';
import type { PlannedLetter } from './plan.ts';

/** A letter as it was handed to the outbox, and what is known of whether that was durable. */
export interface Posted {
  plan: PlannedLetter;
  key: string;
  to: Address;
  /** Everything by which it can be recognised, in the order in which it is to arrive. */
  pieces: string[];
  /** `unknown`: whoever posted it was killed. */
  committed: 'yes' | 'no' | 'unknown';
}

const FILLER = '今日外呼接通率 order 单 late 送达 ok ';

/** The letter's text: each line can be recognised. */
export function textOf(plan: PlannedLetter): string {
  const filler = FILLER.repeat(Math.ceil(plan.lineLength / FILLER.length) + 1).slice(0, plan.lineLength);
  return Array.from({ length: plan.lines }, (_, line) => `${plan.id}-${line}: ${filler}`).join('\n');
}

/** @param picture the name under which the letter's picture is kept, if it has one */
export function messageOf(plan: PlannedLetter, picture: string | undefined): MessageDraft {
  const pictures = picture ? [{ type: 'pictures' as const, pictures: [{ file: picture, alt: plan.id }] }] : [];
  return { blocks: [{ type: 'text', text: textOf(plan) }, ...pictures] };
}

export function piecesOf(plan: PlannedLetter): string[] {
  const lines = Array.from({ length: plan.lines }, (_, line) => `${plan.id}-${line}`);
  return plan.picture ? [...lines, pictureName(plan)] : lines;
}

export function pictureName(plan: PlannedLetter): string {
  return `${plan.id}-picture`;
}

/** The hash by which the house names a picture. */
export function pictureHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 40);
}

/** A small PNG that no other letter has: its size and colour are those of the id's hash. */
export function pictureOf(plan: PlannedLetter): Uint8Array {
  const hash = createHash('sha256').update(plan.id).digest();
  const side = 8;
  const rows = Array.from({ length: side }, (_, y) =>
    Buffer.concat([
      Buffer.from([0]),
      ...Array.from({ length: side }, (_, x) => Buffer.from(pixel(hash, x + y * side))),
    ]),
  );
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function pixel(hash: Buffer, at: number): number[] {
  return [0, 1, 2].map((channel) => hash[(at + channel) % hash.length] ?? 0);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
