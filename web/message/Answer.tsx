import type { ComponentChildren } from 'preact';
import type { DrawnJson, DrawnJsonBlock } from '../api.ts';
import { Icon } from '../shared/Icon.tsx';
import { tagOf, useLanguage } from '../shared/language.tsx';
import { Pictures } from '../shared/Pictures.tsx';
import { Table } from '../shared/Table.tsx';
import { Actions, type Press } from './Actions.tsx';
import { AnswerText } from './AnswerText.tsx';
import { Fields } from './Fields.tsx';
import { Title } from './Title.tsx';

interface AnswerProps {
  message: DrawnJson;
  /** Stands at the end of the last line: the time. */
  foot?: ComponentChildren;
  /** What a button does; without it (a preview) buttons are shown, not pressed. */
  onPress?: Press | undefined;
}

/** A drawn message as a bubble, its buttons under it. The admin page previews messages with the same. */
export function Answer({ message, foot, onPress }: AnswerProps) {
  const shown = message.blocks.filter((block) => block.type !== 'actions');
  const buttons = message.blocks.flatMap((block) => (block.type === 'actions' ? block.buttons : []));
  // A picture or a table takes the whole width, so that answers of one kind are equally wide.
  const wide = shown.some((block) => block.type === 'pictures' || block.type === 'table');
  // Words alone are a chat line: the time stands at their end, not on a line of its own.
  const inline = !message.age && (shown.at(-1)?.type ?? 'text') === 'text';
  return (
    <div class={wide ? 'answer wide' : 'answer'} lang={tagOf(message.lang)}>
      <div class={`bubble ${message.tone ? `tone tone-${message.tone}` : ''}`}>
        {message.title && (
          <p class="answer-title">
            <Title text={message.title} />
            {inline && shown.length === 0 && foot}
          </p>
        )}
        {shown.map((block, at) => (
          <BlockView
            key={at}
            block={block}
            message={message}
            {...(inline && at === shown.length - 1 ? { foot } : {})}
          />
        ))}
        {!inline && (
          <p class="answer-foot">
            {message.age && <span class="answer-age">{message.age}</span>}
            {foot}
          </p>
        )}
      </div>
      {buttons.length > 0 && <Actions buttons={buttons} onPress={onPress} />}
    </div>
  );
}

interface BlockProps {
  block: DrawnJsonBlock;
  message: DrawnJson;
  foot?: ComponentChildren;
}

function BlockView({ block, message, foot }: BlockProps) {
  const { say } = useLanguage();
  switch (block.type) {
    case 'text':
      return (
        <p class="answer-text">
          <AnswerText text={block.text} />
          {foot}
        </p>
      );
    case 'fields':
      return <Fields fields={block.fields} />;
    case 'table':
      return <Table columns={block.columns} rows={block.rows} label={message.title ?? say('表格', 'Table')} />;
    case 'pictures':
      return <Pictures pictures={block.pictures} />;
    case 'file':
      return (
        <a class="file" href={block.url} download={block.name}>
          <Icon name="file" />
          <span>{block.name}</span>
        </a>
      );
    case 'actions':
      return null;
  }
}
