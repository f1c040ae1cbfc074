import type { Block } from '../../../src/core/message.ts';
import type { DrawnJson, DrawnJsonBlock } from '../../api.ts';
import { Answer } from '../../message/Answer.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { useWhen } from '../when.ts';
import type { MessageJson } from '../wire.ts';

/** A command's answer, as the web chat shows it: the same words, the same charts. */
export function Said({ message }: { message: MessageJson }) {
  const { say } = useLanguage();
  const when = useWhen();
  const { asOf } = message;
  const age =
    asOf &&
    [say(`数据截至 ${when(asOf.at)}`, `Data as of ${when(asOf.at)}`), asOf.sample ? say('示例数据', 'sample data') : '']
      .filter(Boolean)
      .join(' · ');
  const drawn: DrawnJson = {
    ...(message.title !== undefined && { title: message.title }),
    ...(message.tone && { tone: message.tone }),
    ...(age && { age }),
    lang: message.lang,
    blocks: message.blocks.flatMap(drawnBlock),
  };
  return <Answer message={drawn} />;
}

function drawnBlock(block: Block): DrawnJsonBlock[] {
  if (block.type === 'chart') {
    return block.url
      ? [{ type: 'pictures', pictures: [{ url: block.url, alt: block.alt, width: 1200, height: 675 }] }]
      : [];
  }
  if (block.type === 'text' || block.type === 'fields' || block.type === 'table') return [block];
  return [];
}
