import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lang, type Message, pick, textMessage } from '../../core/message.ts';
import type { InboundFile } from '../../core/platform.ts';
import { type Clock, localMinute } from '../../core/time.ts';

const LARGEST_BYTES = 20 * 1024 * 1024;

/** Keeps the files that people send to the bot, and says where they are and what can be done with them. */
export async function takeFiles(
  files: readonly InboundFile[],
  folder: string,
  clock: Clock,
  lang: Lang,
): Promise<Message> {
  const lines: string[] = [];
  await mkdir(folder, { recursive: true });
  for (const file of files) {
    const bytes = await file.bytes(AbortSignal.timeout(60_000));
    if (bytes.byteLength > LARGEST_BYTES) {
      lines.push(
        pick(lang, `「${file.name}」超过 20 MB，没有收下。`, `“${file.name}” is over 20 MB and was not kept.`),
      );
      continue;
    }
    const name = `${localMinute(clock.now(), clock.zone).replace(/\D/g, '')}-${safe(file.name)}`;
    await writeFile(join(folder, name), bytes);
    const size = `${Math.max(1, Math.round(bytes.byteLength / 1024))} KB`;
    lines.push(
      pick(lang, `收到「${file.name}」（${size}），存为 ${name}。`, `Got “${file.name}” (${size}), kept as ${name}.`),
    );
  }
  const hint = pick(
    lang,
    '管理员可以导入：fieldbell import contracts|deliveries|calls 文件',
    'An administrator can import it: fieldbell import contracts|deliveries|calls FILE',
  );
  return textMessage([...lines, hint].join('\n'), lang);
}

/** A file name without anything that a path or a terminal could take for something else. */
function safe(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^\.+/, '');
  return plain.slice(-100) || 'file';
}
