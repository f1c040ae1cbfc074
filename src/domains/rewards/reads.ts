import { day, type Reader, word } from '../../core/reader.ts';

/** The key of a campaign among typed words. */
export const campaignWord = word(/[a-z]{2,}-[a-z0-9-]+/, { zh: '活动', en: 'the campaign' });

const ISO = /(?<!\S)\d{4}-\d{2}-\d{2}(?!\S)/;
const AS_OF = /(?:^|\s)(?:截至|截止到?|as of|until)\s*(?=\S)/i;

/** 截至 10-15, as of yesterday, or a whole date by itself → the day. */
export const asOfDay: Reader = {
  what: { zh: '截至的日期', en: 'the day as of which' },
  meant: /截[至止]\S*|as of\s*\S*/i,
  read(words, clock, lang) {
    const said = AS_OF.exec(words);
    if (!said) return ISO.test(words) ? day.read(words, clock, lang) : null;
    const found = day.read(words.slice(said.index + said[0].length), clock, lang);
    return found && { value: found.value, rest: `${words.slice(0, said.index)} ${found.rest}`.trim() };
  },
};
