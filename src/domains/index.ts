import type { Domain } from '../core/domain.ts';
import { calls } from './calls/index.ts';
import { drivers } from './drivers/index.ts';
import { field } from './field/index.ts';
import { people } from './people/index.ts';
import { rewards } from './rewards/index.ts';
import { sla } from './sla/index.ts';
import { subscriptions } from './subscriptions/index.ts';

/** Everything that the business talks about. Help, HTTP, OpenAPI, imports and the sample walk this list. */
export const domains: readonly Domain[] = [people, drivers, calls, rewards, sla, field, subscriptions];
