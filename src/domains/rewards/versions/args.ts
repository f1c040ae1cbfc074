import { z } from 'zod';

export const Document = z.string().max(120).describe('e.g. rules/rewards/beijing-2025-10.yaml');
export const Version = z.int().min(0).describe('An edition of the document; 0: the file');
