import type { Domain } from '../../core/domain.ts';
import { whoami } from './commands.ts';

export const people: Domain = { name: 'people', commands: [whoami], feeds: [] };
