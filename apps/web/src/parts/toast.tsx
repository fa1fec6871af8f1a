import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { ShownToast } from './shown-toast.tsx';
import styles from './toast.module.css';
import { ToastContext, type ToastOptions } from './use-toast.ts';

interface Toast extends ToastOptions {
  id: number;
}

const maxShown = 3;

/** Shows what `useToast` is told, at the edge of the window, and reads it out. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const lastId = useRef(0);

  const dismiss = useCallback((id: number) => {
    setToasts((shown) => shown.filter((toast) => toast.id !== id));
  }, []);
  const show = useCallback(
    (options: ToastOptions) => {
      lastId.current += 1;
      const id = lastId.current;
      setToasts((shown) => [...makeRoom(shown), { ...options, id }]);
      return () => dismiss(id);
    },
    [dismiss],
  );
  const context = useMemo(() => ({ show }), [show]);

  return (
    <ToastContext value={context}>
      {children}
      <div className={styles.region} role="status" aria-live="polite">
        {toasts.map(({ id, ...options }) => (
          <ShownToast key={id} {...options} onDismiss={() => dismiss(id)} />
        ))}
      </div>
    </ToastContext>
  );
}

/** The oldest go first, but for those that offer something. */
function makeRoom(shown: readonly Toast[]): Toast[] {
  let surplus = shown.length + 1 - maxShown;
  return shown.filter((toast) => {
    if (surplus <= 0 || toast.action !== undefined) return true;
    surplus -= 1;
    return false;
  });
}
