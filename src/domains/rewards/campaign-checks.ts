import type { z } from 'zod';

/**
 * What a campaign document must be beside its shape. The checks also run where a part is wrong in another way, so that all
 * mistakes are found at once: they look at values that may be anything.
 */

type Issues = z.core.$RefinementCtx;

export function isObject(payload: { value: unknown }): boolean {
  return typeof payload.value === 'object' && payload.value !== null;
}

export function isArray(payload: { value: unknown }): boolean {
  return Array.isArray(payload.value);
}

export function ascending(steps: readonly unknown[], issues: Issues): void {
  const at = steps.map((step) => field(step, 'at'));
  at.forEach((value, index) => {
    const before = at[index - 1];
    if (typeof value !== 'number' || typeof before !== 'number' || value > before) return;
    const message = `${value} is not above the step before it (${before}): write the steps in ascending order`;
    issues.addIssue({ code: 'custom', path: [index, 'at'], message });
  });
}

/** The lowest band may hold for any amount; each one above begins higher. */
export function bandsAscend(bands: readonly unknown[], issues: Issues): void {
  bands.forEach((band, index) => {
    const [from, before] = [field(band, 'from'), field(bands[index - 1], 'from')];
    if (index === 0 || (typeof from === 'number' && (typeof before !== 'number' || from > before))) return;
    const message = `does not begin above the band before it: write the bands in ascending order, only the first without \`from\``;
    issues.addIssue({ code: 'custom', path: [index, 'from'], message });
  });
}

export function oneCondition(rule: unknown, issues: Issues): void {
  const given = ['first', 'endsIn'].filter((key) => field(rule, key) !== undefined);
  if (given.length !== 1) issues.addIssue({ code: 'custom', message: 'needs `first` or `endsIn`, and not both' });
}

/** Of several rules the first that fits wins: one that fits only where earlier ones do is never won. */
export function numberedReachable(rules: readonly unknown[], issues: Issues): void {
  let [taken, digits] = [0, new Set<unknown>()];
  rules.forEach((rule, index) => {
    const [first, digit] = [field(rule, 'first'), field(rule, 'endsIn')];
    if (typeof first === 'number') {
      // Ten numbers end in every digit.
      const numbers = Array.from({ length: Math.min(10, Math.max(0, first - taken)) }, (_, at) => taken + 1 + at);
      if (numbers.every((number) => digits.has(number % 10))) issue();
      taken = Math.max(taken, first);
    } else if (digit !== undefined) {
      if (digits.has(digit)) issue();
      digits = new Set([...digits, digit]);
    }
    function issue() {
      issues.addIssue({ code: 'custom', path: [index], message: 'is never won: earlier rules take it' });
    }
  });
}

/** More contracts than this nobody signs in a day. */
const CONTRACTS_A_DAY = 100;

/** A tier that looks at counted amounts, so high above the caps that nobody can sign as many contracts in the period. */
export function tiersReachable(document: unknown, issues: Issues): void {
  const caps = at(document, ['contracts', 'caps']);
  const tiers = at(document, ['awards', 'tiers']);
  if (field(tiers, 'measure') !== 'counted' || typeof caps !== 'object') return;
  const scope = at(document, ['legacy', 'tiersOf']) ?? field(tiers, 'of');
  const own = at(document, ['contracts', 'sources', 'selfReferral']);
  const kinds = ['platform', 'selfReferral'].filter(
    (kind) => (scope === 'all' || scope === kind) && (kind === 'platform' || (Array.isArray(own) && own.length > 0)),
  );
  const most = Math.max(...kinds.map((kind) => mostCounted(field(caps, kind))));
  const days = Math.max(...listed(field(document, 'periods')).map((index) => daysOf(at(document, ['periods', index]))));
  const possible = most * days * CONTRACTS_A_DAY;
  if (!(possible > 0)) return;
  for (const index of listed(field(tiers, 'steps'))) {
    const path = ['awards', 'tiers', 'steps', index, 'at'];
    const wanted = at(document, path);
    if (typeof wanted !== 'number' || wanted <= possible) continue;
    const contracts = Math.ceil(wanted / most);
    const message = `can never be reached: a contract counts at most ${most} yuan (caps), so it asks for ${contracts} contracts of one person in ${days} days`;
    issues.addIssue({ code: 'custom', path, message });
  }
}

/** What one contract counts at most, in yuan. */
function mostCounted(caps: unknown): number {
  const limits = [field(caps, 'contract'), field(caps, 'workOrder')];
  return Math.min(...limits.map((limit) => (typeof limit === 'number' ? limit : Number.POSITIVE_INFINITY)));
}

/** Days of a period, or of one of its months; no end where they are not known. */
function daysOf(period: unknown): number {
  const [from, to] = [field(period, 'from'), field(period, 'to')];
  if (typeof from !== 'string' || typeof to !== 'string') return Number.POSITIVE_INFINITY;
  const most = field(period, 'each') === undefined ? Number.POSITIVE_INFINITY : 31;
  const days = (Date.parse(to) - Date.parse(from)) / DAY + 1;
  return Number.isNaN(days) ? Number.POSITIVE_INFINITY : Math.min(days, most);
}

const DAY = 86_400_000;

export function selfReferralTaken(sources: unknown, issues: Issues): void {
  const [only, own] = [field(sources, 'only'), field(sources, 'selfReferral')];
  if (!Array.isArray(only) || !Array.isArray(own)) return;
  const taken = only.map(String);
  own.forEach((code, index) => {
    if (taken.includes(String(code))) return;
    const message = `${code} is not among \`only\`: such contracts are never of this campaign`;
    issues.addIssue({ code: 'custom', path: ['selfReferral', index], message });
  });
}

/** Parts that decide nothing are mistakes: somebody thinks that they do. */
export function nothingUnused(document: unknown, issues: Issues): void {
  const unused = (path: (string | number)[], message: string) => issues.addIssue({ code: 'custom', path, message });
  const own = at(document, ['contracts', 'sources', 'selfReferral']);
  const hasOwn = Array.isArray(own) && own.length > 0;
  const caps = at(document, ['contracts', 'caps']);
  const ownCaps = field(caps, 'selfReferral');
  if (hasOwn && caps !== 'delivered' && caps !== undefined && ownCaps === undefined)
    unused(['contracts', 'caps', 'selfReferral'], 'is missing: there are self-referral sources');
  if (!hasOwn && Array.isArray(own) && ownCaps !== undefined)
    unused(['contracts', 'caps', 'selfReferral'], 'is never used: there are no self-referral sources');
  const awards = field(document, 'awards');
  const tiers = field(awards, 'tiers');
  const scopes = [
    ['awards', 'tiers', 'of'],
    ...listed(field(awards, 'every')).map((index) => ['awards', 'every', index, 'of']),
    ...listed(field(awards, 'perAddress')).map((index) => ['awards', 'perAddress', index, 'of']),
  ];
  const only = at(document, ['contracts', 'sources', 'only']);
  const codes = Array.isArray(own) ? own.map(String) : [];
  const ownAlone = Array.isArray(only) && only.length > 0 && only.every((code) => codes.includes(String(code)));
  for (const path of scopes) {
    if (!hasOwn && Array.isArray(own) && at(document, path) === 'selfReferral')
      unused(path, 'can never be won: there are no self-referral sources');
    if (ownAlone && at(document, path) === 'platform')
      unused(path, 'can never be won: the campaign takes self-referral contracts alone');
  }
  const workOrders = [at(caps, ['platform', 'workOrder']), at(caps, ['selfReferral', 'workOrder'])];
  const capped = workOrders.some((value) => typeof value === 'number');
  if (at(document, ['contracts', 'historical']) !== undefined && !capped)
    unused(['contracts', 'historical'], 'is never used: no work order is capped');
  if (at(document, ['legacy', 'workOrderCap']) !== undefined && !capped)
    unused(['legacy', 'workOrderCap'], 'is never used: no work order is capped');
  if (at(document, ['legacy', 'tiersOf']) !== undefined) {
    if (tiers === undefined) unused(['legacy', 'tiersOf'], 'is never used: there are no tiers');
    else if (field(tiers, 'of') === at(document, ['legacy', 'tiersOf']))
      unused(['legacy', 'tiersOf'], 'changes nothing: `tiers.of` says the same');
  }
  for (const index of listed(field(document, 'badges'))) {
    const path = ['badges', index, 'doubles'];
    if (at(document, path) !== undefined && tiers === undefined) unused(path, 'is never used: there are no tiers');
  }
  if (awards === 'none' && at(document, ['notice', 'person']) === true)
    unused(['notice', 'person'], 'is never used: nothing is awarded');
  if (awards === 'none' && field(document, 'disputes') !== undefined)
    unused(['disputes'], 'is never used: nothing is awarded');
  if (awards !== undefined && tiers === undefined && field(document, 'nudge') !== undefined)
    unused(['nudge'], 'is never used: there are no tiers');
  if (awards === 'none' && at(document, ['notice', 'copy']) !== undefined)
    unused(['notice', 'copy'], 'is never used: nothing is awarded');
}

function listed(value: unknown): number[] {
  return Array.isArray(value) ? value.map((_, index) => index) : [];
}

export function namesOnce(awards: unknown, issues: Issues): void {
  const places = [['every'], ['tiers', 'steps'], ['perAddress']].flatMap((section) => {
    const inside = at(awards, section);
    return Array.isArray(inside) ? inside.map((_, index) => [...section, index, 'name']) : [];
  });
  const numbered = listed(field(awards, 'numbered')).flatMap((index) => {
    const bands = at(awards, ['numbered', index, 'bands']);
    return listed(bands).map((band) => ['numbered', index, 'bands', band, 'name']);
  });
  if (places.length + numbered.length === 0) {
    const message = 'pays nothing: give `numbered`, `every`, `tiers` or `perAddress`, or write `awards: none`';
    issues.addIssue({ code: 'custom', message });
  }
  // Bands of a number may share a name: what they pay differs by the contract.
  const shared = new Set(numbered.map((path) => at(awards, path)));
  for (const path of places) {
    if (shared.has(at(awards, path)))
      issues.addIssue({ code: 'custom', path, message: `another award is named “${String(at(awards, path))}”, too` });
  }
  const seen = new Set<unknown>();
  for (const path of places) {
    const name = at(awards, path);
    if (typeof name === 'string' && seen.has(name)) {
      issues.addIssue({ code: 'custom', path, message: `another award is named “${name}”, too` });
    }
    seen.add(name);
  }
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce((inside, key) => field(inside, key), value);
}

function field(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;
}
