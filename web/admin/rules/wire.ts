/** The values of the commands about campaign documents. Amounts are whole fen. */

export interface CampaignJson {
  key: string;
  title: string;
  city: string;
  from: string;
  to: string;
  version: number;
  pays: boolean;
  document: string;
  state: 'closed' | 'over' | 'running' | 'coming';
  bookedFen: number;
}

export interface CampaignsJson {
  campaigns: CampaignJson[];
  mistakes: string[];
  documents: { document: string; publishedVersion: number | null; draft: number | null; campaigns: string[] }[];
}

export interface VersionJson {
  version: number;
  note: string | null;
  createdAt: string;
  createdBy: string;
  seenAt: string | null;
  seenBy: string | null;
}

export interface DocumentJson {
  document: string;
  version: number;
  text: string;
  published: number | null;
  versions: VersionJson[];
  publications: { version: number; at: string; by: string }[];
}

export interface Mistake {
  line: number;
  text: string;
}

interface Sums {
  beforeFen: number;
  afterFen: number;
}

export interface DifferenceJson extends Sums {
  personId: string;
  person: string;
}

export interface MonthJson extends Sums {
  key: string;
  title: string;
  contracts: number;
  kind: 'own' | 'closed' | 'other';
  winners: number;
  losers: number;
}

export interface EffectJson extends Sums {
  months: MonthJson[];
  people: DifferenceJson[];
  winners: number;
  losers: number;
  findings: { kind: string; line: number | null; words: { zh: string; en: string } }[];
  /** Instead of all others, where the document cannot be read. */
  mistakes?: Mistake[];
}

export interface TraceJson {
  decisions: {
    contractId: string;
    number: string | null;
    signedDay: string | null;
    amountFen: number;
    countedFen: number;
    count: number;
    countedSumFen: number;
    rewards: { name: string; paidFen: number }[];
  }[];
}
