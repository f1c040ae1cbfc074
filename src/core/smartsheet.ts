/** A row's values by the ids of its fields: text, number, milliseconds as text, or a list of texts. */
export type SheetValues = Record<string, string | number | { text: string }[]>;

/** Tables of WeCom (智能表格) that take rows over a webhook of their own. */
export interface SmartSheets {
  /** Whether a table's webhook is set; its name is the variable that holds the key. */
  has(webhook: string): boolean;
  /**
   * Adds rows, all or none.
   * @param schema the heading of each field, by its id
   * @returns the record of each row, null where the answer does not say
   * @throws DeliveryError
   */
  append(webhook: string, schema: Record<string, string>, rows: readonly SheetValues[]): Promise<(string | null)[]>;
  /** Writes other values into records that are there; fields that are not given stay. @throws DeliveryError */
  update(
    webhook: string,
    schema: Record<string, string>,
    rows: readonly { record: string; values: SheetValues }[],
  ): Promise<void>;
}
