/**
 * Errors are classed by whose fault they are, because that decides who is told and what happens next.
 * A message says what is wrong and what to do; it never holds a secret.
 */

/** The asker's words are wrong or miss something. Shown to the asker as it is. */
export class AskerError extends Error {
  override readonly name = 'AskerError';
  /** One line that would work, to copy. */
  readonly example: string | undefined;
  /** Commands that the asker may have meant, offered as buttons. */
  readonly choices: readonly Choice[];
  constructor(message: string, options: { example?: string | undefined; choices?: readonly Choice[] } = {}) {
    super(message);
    this.example = options.example;
    this.choices = options.choices ?? [];
  }
}

/** A button offered beside an error. */
export interface Choice {
  label: string;
  call: { command: string; args: Record<string, unknown> };
}

/** The asker may not do this. */
export class ForbiddenError extends AskerError {}

/** A setting or a rule file is wrong: the operator's to mend. Lists every mistake at once. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
  readonly mistakes: readonly string[];
  constructor(headline: string, mistakes: readonly string[] = []) {
    super([headline, ...mistakes.map((mistake) => `  - ${mistake}`)].join('\n'));
    this.mistakes = mistakes;
  }
}

/** One row of an import is bad; the others go on. */
export class RowError extends Error {
  override readonly name = 'RowError';
}

/** Another system answered wrongly or not at all; trying again later may help. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
}

/** Marks an error of which whoever throws it has told the administrators: nobody need tell them again. */
export function told<E extends Error>(error: E): E {
  return Object.assign(error, { told: true });
}

export function wasTold(error: unknown): boolean {
  return error instanceof Error && 'told' in error && error.told === true;
}

/**
 * A platform did not take a message.
 * - `retry`: nothing was delivered, try again with back-off.
 * - `wait`: the platform's limit; try again after `retryAfterMs`; does not count as an attempt.
 * - `refused`: it will never be taken as it is (bad key, too long, unknown recipient).
 * - `doubtful`: it may or may not have been delivered (sent, no answer): never repeated by itself.
 */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly kind: 'retry' | 'wait' | 'refused' | 'doubtful';
  readonly retryAfterMs: number | undefined;
  /** The destination itself is gone (robot removed, bot blocked, no such channel): nothing will ever arrive there. */
  readonly gone: boolean;
  /** Where it is now, e.g. the supergroup that a group became. */
  readonly movedTo: string | undefined;
  constructor(
    kind: DeliveryError['kind'],
    message: string,
    retryAfterMs?: number,
    more: { gone?: boolean; movedTo?: string } = {},
  ) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
    this.gone = more.gone ?? false;
    this.movedTo = more.movedTo;
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
