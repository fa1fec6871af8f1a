import { createContext, useContext } from 'react';

export interface ToastOptions {
  text: string;
  /** Default `done`. */
  kind?: 'done' | 'problem';
  action?: { label: string; onPress: () => void };
  /** Default 6,000. It stays for as long as it is pointed at or has the focus. */
  durationMs?: number;
  /** Called once when it goes, however that is. */
  onClose?: () => void;
  /** Its action gets the focus. */
  takesFocus?: boolean;
}

interface Toasts {
  /** Returns a function that takes it away again. */
  show: (options: ToastOptions) => () => void;
}

export const ToastContext = createContext<Toasts | null>(null);

/** Says what has happened, for a few seconds, wherever the user is by then. */
export function useToast(): Toasts {
  const toasts = useContext(ToastContext);
  if (!toasts) throw new Error('useToast needs a ToastProvider above it.');
  return toasts;
}
