import { word } from '../../core/reader.ts';

/** The key of a campaign among typed words. */
export const campaignWord = word(/[a-z]{2,}-[a-z0-9-]+/, { zh: '活动', en: 'the campaign' });
