import type { Lang } from '../../core/message.ts';

const REASONS = {
  address: { zh: '图片地址不对', en: 'its address is wrong' },
  private: { zh: '图片地址在内网，没有允许访问', en: 'its address is in a private network, which is not allowed' },
  gone: { zh: '图片已不存在', en: 'it is not there any more' },
  unreachable: { zh: '图片取不到', en: 'it cannot be fetched' },
  slow: { zh: '取图超时', en: 'it took too long to fetch' },
  large: { zh: '图片太大', en: 'it is too large' },
  broken: { zh: '图片已损坏', en: 'it is broken' },
  type: { zh: '不是图片', en: 'it is not a picture' },
} as const;

/** Why a picture cannot be shown, in words for whoever asked. */
export class NoPhoto extends Error {
  override readonly name = 'NoPhoto';
  readonly words: Record<Lang, string>;
  constructor(reason: keyof typeof REASONS) {
    super(reason);
    this.words = REASONS[reason];
  }
}
