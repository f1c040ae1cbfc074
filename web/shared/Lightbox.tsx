import { useRef, useState } from 'preact/hooks';
import type { PictureJson } from '../api.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { Icon } from './Icon.tsx';
import { useLanguage } from './language.tsx';

/** Pixels that a finger has to travel for a swipe. */
const SWIPE = 50;

interface LightboxProps {
  pictures: PictureJson[];
  start: number;
  onClose: () => void;
}

/** Pictures over the whole screen: Esc, a tap or a swipe up or down closes; arrows or a swipe sideways turn over. */
export function Lightbox({ pictures, start, onClose }: LightboxProps) {
  const { say } = useLanguage();
  const [at, setAt] = useState(start);
  const finger = useRef<{ x: number; y: number } | null>(null);
  const picture = pictures[at];
  if (!picture) return null;
  const turn = (by: number) => setAt((now) => Math.min(pictures.length - 1, Math.max(0, now + by)));

  const touchStart = (event: TouchEvent) => {
    const touch = event.touches[0];
    // Two fingers zoom, and in a picture zoomed in one finger moves it.
    const zoomed = (window.visualViewport?.scale ?? 1) > 1.05;
    finger.current = touch && event.touches.length === 1 && !zoomed ? { x: touch.clientX, y: touch.clientY } : null;
  };
  const touchEnd = (event: TouchEvent) => {
    const from = finger.current;
    const touch = event.changedTouches[0];
    finger.current = null;
    if (!from || !touch) return;
    const [x, y] = [touch.clientX - from.x, touch.clientY - from.y];
    if (Math.abs(y) > SWIPE && Math.abs(y) > Math.abs(x)) onClose();
    else if (Math.abs(x) > SWIPE) turn(x < 0 ? 1 : -1);
  };

  return (
    <Dialog label={picture.alt} kind="full" onClose={onClose}>
      <div
        class="lightbox"
        role="document"
        onTouchStart={touchStart}
        onTouchEnd={touchEnd}
        onKeyDown={(event) => {
          if (event.key === 'ArrowLeft') turn(-1);
          if (event.key === 'ArrowRight') turn(1);
        }}
      >
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: Esc and the button close too. */}
        <img
          class="lightbox-picture"
          src={picture.url}
          alt={picture.alt}
          width={picture.width}
          height={picture.height}
          onClick={onClose}
        />
        <div class="lightbox-bar">
          <span class="lightbox-alt">{picture.alt}</span>
          {pictures.length > 1 && (
            <span class="lightbox-turn">
              <Button kind="icon" label={say('上一张', 'Previous')} disabled={at === 0} onPress={() => turn(-1)}>
                <Icon name="back" />
              </Button>
              {at + 1} / {pictures.length}
              <Button
                kind="icon"
                label={say('下一张', 'Next')}
                disabled={at === pictures.length - 1}
                onPress={() => turn(1)}
              >
                <Icon name="next" />
              </Button>
            </span>
          )}
          <Button kind="icon" label={say('关闭', 'Close')} onPress={onClose}>
            <Icon name="close" />
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
