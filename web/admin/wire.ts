import type { Message } from '../../src/core/message.ts';
import type { LetterState } from '../../src/core/outbox.ts';
import type { Role, SubjectKind } from '../../src/core/people.ts';
import type { DrawnJson } from '../../src/http/console-wire.ts';

/** The values of the commands that this page asks. */

export type MessageJson = Message;
export type { LetterState, Role, SubjectKind };

export interface Letter {
  seq: number;
  key: string;
  to: string;
  sentTo: string | null;
  class: 'notice' | 'broadcast';
  state: LetterState;
  reason: string | null;
  attempts: number;
  repeats: number;
  mergedInto: string | null;
  title: string;
  createdAt: string;
  notBefore: string;
  expires: string | null;
  sentAt: string | null;
  eta: string | null;
  sample: boolean;
}

export interface LetterWhole {
  letter: Letter & { address: string | null; platformId: string | null };
  story: { at: string; state: LetterState; reason: string | null }[];
  preview: PreviewJson | null;
}

export interface PreviewJson {
  platform: string;
  message: DrawnJson;
  parcels: unknown[];
}

export interface OutboxFigures {
  counts: Record<LetterState, number> & { repeated: number };
  eta: string | null;
  byDestination: { to: string; waiting: number; eta: string }[];
}

export interface ChannelJson {
  name: string;
  title?: string;
  address: string;
  robots?: string[];
  perMinute?: number;
  digest?: boolean;
  lang?: 'zh' | 'en';
  quiet?: { from: string; to: string };
  from: 'file' | 'edit' | 'sample';
  version: number;
  ready: boolean;
  gone: string | null;
  pausedUntil: string | null;
  lastSentAt: string | null;
}

export interface PlatformJson {
  name: string;
  on: boolean;
  health: string;
}

export interface RunJson {
  id: number;
  name: string;
  trigger: string;
  state: string;
  startedAt: string;
  finishedAt: string | null;
  counts: Record<string, number> | null;
  error: string | null;
}

export interface JobJson {
  name: string;
  summary: string;
  cron: string | null;
  schedule: string;
  missed: string;
  next: string | null;
  last: RunJson | null;
  args: { properties?: Record<string, { type?: string; description?: string; default?: unknown }> };
}

export interface DryRunJson {
  outcome: { state: string; counts: Record<string, number> | null; error: string | null };
  letters: { key: string; to: string; recipient: string; class: string; text: string }[];
}

export interface PersonJson {
  id: string;
  name: string;
  role: Role;
  city: string | null;
  locale: 'zh' | 'en';
  version: number;
  sample: boolean;
  createdAt: string;
  accounts: string[];
  subjects: { kind: SubjectKind; id: string }[];
}

export interface SessionJson {
  id: string;
  person: { id: string; name: string; role: Role };
  current: boolean;
  seenAt: string | null;
  expiresAt: string;
  agent: string | null;
  ip: string | null;
}

export interface AuditEntry {
  seq: number;
  at: string;
  name: string;
  action: string;
  subject: string | null;
  before: unknown;
  after: unknown;
}

export type AlertState = 'open' | 'taken' | 'handled' | 'closed';

export interface AlertJson {
  id: number;
  kind: string;
  subject: string;
  state: AlertState;
  owner: string | null;
  openedAt: string;
  title: string;
  sample: boolean;
}

export interface RehearsalJson {
  day: string;
  runs: { job: string; at: string; counts: Record<string, number> | null; error: string | null }[];
  letters: {
    key: string;
    title: string;
    at: string;
    out: string | null;
    recipient: string;
    destination: string | null;
    held: string | null;
    preview: PreviewJson | null;
  }[];
}

export interface DayStandingJson {
  day: string;
  rows: number;
  state: 'complete' | 'partial' | 'missing' | 'kept';
  problem?: string | null;
}

export interface FeedJson {
  feed: string;
  title: string;
  asOf: string | null;
  source: string | null;
  completeness: string;
  note: string | null;
  sample: boolean;
  /** Whether there is an upstream that can be asked for days. */
  syncs: boolean;
  days: DayStandingJson[];
}

export interface ViolationJson {
  id: string;
  day: string;
  orderNum: string;
  provider: string;
  housekeeper: string | null;
  kind: string;
  description: string | null;
  /** The alert that stands for it. */
  alert: { id: number; state: AlertState; owner: string | null } | null;
}

export interface DisputeJson {
  id: number;
  contractId: string;
  reason: string;
  raisedName: string;
  raisedAt: string;
  dueAt: string;
  state: 'open' | 'granted' | 'refused';
  awardName: string | null;
  wasFen: number | null;
  paysFen: number | null;
  answer: string | null;
  resolvedAt: string | null;
  resolvedBy: string | null;
  line: { number: string; version: number; decision: DisputedDecision };
}

interface DisputedDecision {
  person: string;
  orderType: 'platform' | 'self_referral';
  sequence: number;
  amountFen: number;
  countedFen: number;
  count: number;
  countedSumFen: number;
  rewards: { name: string; paidFen: number }[];
}

/** One dispute, with all that the line was computed from when it was raised. */
export interface DisputeWhole {
  dispute: DisputeJson & {
    line: DisputeJson['line'] & {
      contract: { workOrder: string | null; signedDay: string | null };
      lines: {
        contractId: string;
        number: string;
        ordinal: number;
        signedDay: string | null;
        amountFen: number;
        countedFen: number;
        reason: { zh: string; en: string } | null;
      }[];
      notCounted: { contractId: string; number: string; amountFen: number; reason: { zh: string; en: string } }[];
      ledger: { id: number; awardKey: string; entry: number; amountFen: number; cause: string }[];
    };
  };
  campaignTitle: string;
  /** What may be granted: what the rule pays, and what is booked now. */
  awards: { name: string; rulePaysFen: number; heldFen: number }[];
  /** It is the asker's own: for somebody else to answer. */
  own: boolean;
}

export interface AppealJson {
  id: number;
  reason: string;
  by: string;
  at: string;
  violation: { orderNum: string; provider: string; kind: string; day: string };
}
