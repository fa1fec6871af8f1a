import { CircleCheck, TriangleAlert, X } from 'lucide-react';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { Button } from './button.tsx';
import styles from './toast.module.css';
import { ToastContext, type ToastOptions } from './use-toast.ts';

interface Toast extends ToastOptions {
  id: number;
}

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
      setToasts((shown) => [...shown.slice(-2), { ...options, id }]);
      setTimeout(() => dismiss(id), options.durationMs ?? 6_000);
      return () => dismiss(id);
    },
    [dismiss],
  );
  const context = useMemo(() => ({ show }), [show]);

  return (
    <ToastContext value={context}>
      {children}
      <div className={styles.region} role="status" aria-live="polite">
        {toasts.map(({ id, text, kind = 'done', action }) => (
          <div key={id} className={`${styles.toast} ${styles[kind]}`}>
            {kind === 'done' ? (
              <CircleCheck size={20} aria-hidden />
            ) : (
              <TriangleAlert size={20} aria-hidden />
            )}
            <span className={styles.text}>{text}</span>
            {action && (
              <Button
                variant="ghost"
                onPress={() => {
                  action.onPress();
                  dismiss(id);
                }}
              >
                {action.label}
              </Button>
            )}
            <Button variant="ghost" icon={X} label="Dismiss" onPress={() => dismiss(id)} />
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
