import { CircleCheck, TriangleAlert, X } from 'lucide-react';
import { type FocusEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { Button } from './button.tsx';
import styles from './toast.module.css';
import type { ToastOptions } from './use-toast.ts';

/** One toast. Its time stands still while it is pointed at or has the focus (WCAG 2.2.1). */
export function ShownToast({ onDismiss, ...options }: ToastOptions & { onDismiss: () => void }) {
  const { text, kind = 'done', action, durationMs = 6_000, onClose, takesFocus = false } = options;
  const [isPointedAt, setIsPointedAt] = useState(false);
  const [hasFocus, setHasFocus] = useState(false);
  const leftMs = useRef(durationMs);
  const element = useRef<HTMLDivElement>(null);
  const isHeld = isPointedAt || hasFocus;
  const dismiss = useEffectEvent(onDismiss);
  const close = useEffectEvent(() => onClose?.());

  useEffect(() => {
    if (isHeld) return;
    const startedAt = performance.now();
    const timer = setTimeout(() => dismiss(), leftMs.current);
    return () => {
      clearTimeout(timer);
      leftMs.current -= performance.now() - startedAt;
    };
  }, [isHeld]);
  useEffect(() => {
    const shown = element.current;
    return () => {
      // In development React takes each effect back once, and the toast stays.
      queueMicrotask(() => {
        if (shown?.isConnected === false) close();
      });
    };
  }, []);

  /** What had the focus before is often gone, as a deleted row is. */
  function leave() {
    if (element.current?.contains(document.activeElement)) {
      document.getElementById('content')?.focus({ preventScroll: true });
    }
    onDismiss();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done by it, its time stands still
    <div
      ref={element}
      className={`${styles.toast} ${styles[kind]}`}
      onPointerEnter={() => setIsPointedAt(true)}
      onPointerLeave={() => setIsPointedAt(false)}
      onFocus={() => setHasFocus(true)}
      onBlur={(event: FocusEvent) =>
        setHasFocus(event.currentTarget.contains(event.relatedTarget as Node | null))
      }
    >
      {kind === 'done' ? (
        <CircleCheck size={20} aria-hidden />
      ) : (
        <TriangleAlert size={20} aria-hidden />
      )}
      <span className={styles.text}>{text}</span>
      {action && (
        <Button
          variant="ghost"
          hasFocus={takesFocus}
          onPress={() => {
            action.onPress();
            leave();
          }}
        >
          {action.label}
        </Button>
      )}
      <Button variant="ghost" icon={X} label="Dismiss" onPress={leave} />
    </div>
  );
}
