import { useState } from 'preact/hooks';
import type { PictureJson } from '../api.ts';
import { Icon } from './Icon.tsx';
import { Lightbox } from './Lightbox.tsx';
import { useLanguage } from './language.tsx';

/** One picture in its own shape, several as squares beside each other; each opens over the whole screen. */
export function Pictures({ pictures }: { pictures: PictureJson[] }) {
  const [open, setOpen] = useState<number | null>(null);
  return (
    <>
      <div class={pictures.length > 1 ? 'pictures many' : 'pictures'}>
        {pictures.map((picture, at) => (
          <Thumbnail key={picture.url} picture={picture} onOpen={() => setOpen(at)} />
        ))}
      </div>
      {open !== null && <Lightbox pictures={pictures} start={open} onClose={() => setOpen(null)} />}
    </>
  );
}

function Thumbnail({ picture, onOpen }: { picture: PictureJson; onOpen: () => void }) {
  const { say } = useLanguage();
  const [broken, setBroken] = useState(false);
  const tall = picture.height > picture.width;
  return (
    <button
      type="button"
      class={tall ? 'picture tall' : 'picture'}
      aria-label={say(`放大：${picture.alt}`, `Enlarge: ${picture.alt}`)}
      disabled={broken}
      onClick={onOpen}
    >
      {/* The size comes before the picture does: nothing moves when it arrives. */}
      <img
        src={picture.url}
        alt=""
        class={broken ? 'picture-lost' : undefined}
        width={picture.width || 16}
        height={picture.height || 9}
        onError={() => setBroken(true)}
      />
      {broken && (
        <span class="picture-broken">
          <Icon name="alert" />
          {say('图片没有加载出来', 'The picture did not load')}
          <small>{picture.alt}</small>
        </span>
      )}
    </button>
  );
}
