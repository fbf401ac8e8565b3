/** Words on the screen: mrkdwn or plain text, with names for ids and dates for this reader. React escapes every text. */
import { memo } from 'react';
import { isMrkdwn, textOf } from '../form-state.ts';
import { keyed } from '../keyed.ts';
import { useScreen } from '../screen.tsx';
import { formatDateToken, inZone } from './date-token.ts';
import { readMrkdwn, readPlain, type Word } from './mrkdwn.ts';

/** A text object of Block Kit, whichever of the two kinds it is. */
export const TextObject = memo(function TextObject({ text }: { text: unknown }) {
  const words = isMrkdwn(text) ? readMrkdwn(textOf(text)) : readPlain(textOf(text));
  return <Words words={words} />;
});

export const Mrkdwn = memo(function Mrkdwn({ text }: { text: string }) {
  return <Words words={readMrkdwn(text)} />;
});

function Words({ words }: { words: readonly Word[] }) {
  return keyed(words, ({ kind }) => kind).map(({ key, item }) => <OneWord key={key} word={item} />);
}

function OneWord({ word }: { word: Word }) {
  switch (word.kind) {
    case 'text':
      return word.text;
    case 'code':
      return <code>{word.text}</code>;
    case 'pre':
      return <pre>{word.text}</pre>;
    case 'bold':
      return (
        <strong>
          <Words words={word.words} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Words words={word.words} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Words words={word.words} />
        </s>
      );
    case 'quote':
      return (
        <blockquote>
          <Words words={word.words} />
        </blockquote>
      );
    case 'link':
      return <Link url={word.url} text={word.text} />;
    case 'date':
      return <Instant {...word} />;
    case 'user':
      return <User id={word.id} />;
    case 'channel':
      return <Channel id={word.id} />;
    case 'group':
      return <Group id={word.id} />;
    case 'range':
      return <span className="mention">@{word.id}</span>;
  }
}

/** Opens beside the page, which must not go away, and tells nobody where from. */
export function Link({ url, text }: { url: string; text: string }) {
  if (!/^(https?|mailto):/i.test(url)) return text;
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {text}
    </a>
  );
}

export function User({ id }: { id: string }) {
  const { state, me } = useScreen();
  const person = state.people.find((one) => one.id === id);
  const own = id === me.id ? ' mention-me' : '';
  return <span className={`mention${own}`}>@{person?.realName ?? id}</span>;
}

export function Channel({ id }: { id: string }) {
  const { state, me, go } = useScreen();
  const channel = state.conversations.find((one) => one.id === id);
  if (channel === undefined || !channel.members.includes(me.id))
    return (
      <span className="mention">#{channel?.isPrivate ? 'private' : (channel?.name ?? id)}</span>
    );
  return (
    <button type="button" className="mention" onClick={() => go(id)}>
      #{channel.name}
    </button>
  );
}

export function Group({ id }: { id: string }) {
  const { state } = useScreen();
  return (
    <span className="mention">@{state.userGroups.find((one) => one.id === id)?.handle ?? id}</span>
  );
}

type InstantProps = { seconds: number; format: string; fallback: string };

export function Instant({ seconds, format, fallback }: InstantProps) {
  const { reader } = useScreen();
  const text = formatDateToken(seconds, format, reader);
  if (text === null) return fallback;
  const at = new Date(seconds * 1000);
  const full = inZone(at, { dateStyle: 'full', timeStyle: 'long' }, reader.timeZone);
  return (
    <time dateTime={at.toISOString()} title={full}>
      {text}
    </time>
  );
}
