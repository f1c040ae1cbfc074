import { feed } from '../../core/source.ts';
import { readContractRow } from './contract-row.ts';
import { saveContracts } from './contracts/store.ts';
import { ContractRow } from './model.ts';

/** Contracts as the company's reports and exports have them. */
export const contractsFeed = feed<ContractRow>({
  name: 'rewards.contracts',
  dataset: 'contracts',
  row: ContractRow,
  read: (raw, context) => readContractRow(raw.values, context.clock.zone),
  key: (row) => row.id,
  save: (context, rows, { campaign, source, sample = false }) =>
    saveContracts(context, rows, { campaign, source, sample }),
});
