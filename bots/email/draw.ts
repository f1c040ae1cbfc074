import type { DrawnBlock, DrawnMessage } from '../../src/core/platform.ts';

/** One mail, as values: the same words as text and as HTML, pictures in their place, files attached. */
export interface Mail {
  subject: string;
  text: string;
  html: string;
  attachments: { filename: string; content: Uint8Array; contentType?: string; cid?: string }[];
}

const TONES = { info: '#1677ff', good: '#389e0d', warn: '#d46b08', bad: '#cf1322' } as const;
const SUBJECT = 120;

/** A message as one mail; buttons are not drawn: a mail cannot answer. */
export function draw(message: DrawnMessage): Mail[] {
  const attachments: Mail['attachments'] = [];
  const text: string[] = [];
  const html: string[] = [];
  const title = clean(message.title ?? '');
  if (title.trim()) {
    text.push(title);
    html.push(
      `<h1 style="font-size:18px;margin:0 0 12px;color:${message.tone && message.tone !== 'info' ? TONES[message.tone] : '#1f1f1f'}">${marked(title)}</h1>`,
    );
  }
  for (const block of message.blocks) drawBlock(block, text, html, attachments);
  if (message.age) {
    text.push(clean(message.age));
    html.push(`<p style="font-size:12px;color:#8c8c8c;margin:12px 0 0">${marked(clean(message.age))}</p>`);
  }
  if (html.length === 0 && attachments.length === 0) return [];
  const first = title.trim() || text.find((line) => line.trim())?.trim() || 'Fieldbell';
  const subject = first.replace(/\s+/g, ' ');
  const body = `font-family:-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans SC',sans-serif;font-size:14px;line-height:1.6;color:#1f1f1f`;
  return [
    {
      subject: [...subject].length > SUBJECT ? `${[...subject].slice(0, SUBJECT - 1).join('')}…` : subject,
      text: text.join('\n\n'),
      html: `<!doctype html><html lang="${message.lang}"><body style="${body}">${html.join('\n')}</body></html>`,
      attachments,
    },
  ];
}

function drawBlock(block: DrawnBlock, text: string[], html: string[], attachments: Mail['attachments']): void {
  switch (block.type) {
    case 'text': {
      const words = clean(block.text);
      if (!words.trim()) return;
      text.push(words);
      html.push(`<p style="margin:0 0 12px">${marked(words)}</p>`);
      return;
    }
    case 'fields': {
      const fields = block.fields.map(({ label, value, tone }) => ({ label: clean(label), value: clean(value), tone }));
      text.push(fields.map(({ label, value }) => `${label} ${value}`).join('\n'));
      html.push(
        `<table>${fields
          .map(
            ({ label, value, tone }) =>
              `<tr><td style="color:#8c8c8c;padding-right:16px">${marked(label)}</td><td${tone && tone !== 'info' ? ` style="color:${TONES[tone]}"` : ''}>${marked(value)}</td></tr>`,
          )
          .join('')}</table>`,
      );
      return;
    }
    case 'table': {
      const rows = [block.columns.map(({ label }) => label), ...block.rows].map((row) => row.map(clean));
      text.push(rows.map((row) => row.join('  ')).join('\n'));
      html.push(
        `<table style="border-collapse:collapse;margin:0 0 12px">${rows.map((row, at) => `<tr>${row.map((cell, column) => tableCell(cell, at === 0, block.columns[column]?.align)).join('')}</tr>`).join('')}</table>`,
      );
      return;
    }
    case 'pictures':
      for (const { bytes, mime, alt } of block.pictures) {
        const cid = `picture-${attachments.length + 1}@fieldbell`;
        const filename = `${attachments.length + 1}.${mime === 'image/png' ? 'png' : 'jpg'}`;
        attachments.push({ filename, content: bytes, contentType: mime, cid });
        html.push(
          `<p style="margin:0 0 12px"><img src="cid:${cid}" alt="${marked(clean(alt))}" style="max-width:100%"></p>`,
        );
      }
      return;
    case 'file':
      attachments.push({ filename: clean(block.name).replace(/[\n/\\]/g, '_'), content: block.bytes });
      return;
    case 'actions':
      return;
  }
}

function tableCell(cell: string, head: boolean, align: 'left' | 'right' = 'left'): string {
  const tag = head ? 'th' : 'td';
  return `<${tag} style="text-align:${align};padding:4px 12px 4px 0;border-bottom:1px solid #f0f0f0">${marked(cell)}</${tag}>`;
}

/** Without what no mail may hold: control characters, halves of characters. */
function clean(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, ' ')
    .replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** People's words as HTML: nothing that they type is markup. */
function marked(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\n/g, '<br>');
}
