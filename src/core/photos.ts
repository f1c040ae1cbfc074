import type { Lang } from './message.ts';

/** Where pictures may be had from. */
export interface PhotoPlace {
  /** What an address without a scheme is relative to: a web address. */
  base?: string | undefined;
  /** Addresses without a scheme are files below this folder. */
  folder?: string | undefined;
  /** Whether addresses inside private networks may be asked. */
  privateNetworks: boolean;
}

/** Pictures of somebody else's, made small. */
export interface Photos {
  /**
   * A kept picture of at most 1280 pixels a side, by its file name below `pictures/`; or why there is none, in words for
   * whoever asked. Never throws for what is wrong with the picture or its address.
   */
  small(address: string, place: PhotoPlace): Promise<{ file: string } | { missing: Record<Lang, string> }>;
}
