import { openDatabase } from '../../../src/store/db.ts';
import { type OpenDestination, readText } from '../destination.ts';

/** Our own console: it lives in the database and knows every letter by its key. */
export const openConsoleRooms: OpenDestination = async ({ conversations, databaseUrl }) => {
  const rooms = Array.from({ length: conversations }, (_, at) => `proof-${at}`);
  const db = openDatabase(databaseUrl);
  return {
    scheme: 'console',
    deduplicates: true,
    settings: () => ({}),
    secrets: [],
    addresses: rooms.map((room) => `console:${room}`),
    async arrived(pieceOf) {
      const rows = await db.consoleMessage.findMany({ where: { fromKind: 'bot' }, orderBy: { seq: 'asc' } });
      const arrivals = rows.map((row) => {
        const read = readText(`console:${row.room}`, row.message ?? '');
        const files = (row.message ?? '').match(/[0-9a-f]{40}(?=\.png)/g) ?? [];
        return { ...read, pieces: [...read.pieces, ...files.flatMap((file) => pieceOf(file) ?? [])] };
      });
      return { arrivals, dropped: 0 };
    },
    close: () => db.$disconnect(),
  };
};
