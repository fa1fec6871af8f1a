import {
  lazy,
  type ReactNode,
  type RefObject,
  Suspense,
  useCallback,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { Link } from '../api/types.ts';

const EditDialog = lazy(() => import('./edit-dialog.tsx'));
const LinkMenu = lazy(() => import('./link-menu.tsx'));
const QrDialog = lazy(() => import('./qr-dialog.tsx'));

/** Stays the same object, so that rows which are given it need not be drawn again. */
export interface LinkDialogs {
  open: (kind: 'edit' | 'qr', link: Link) => void;
  openMenu: (link: Link, button: HTMLElement) => void;
}

type Shown = { kind: 'edit' | 'qr' | 'menu'; link: Link } | null;

/**
 * What opens about one link on a page that shows links: a menu, and dialogs. `dialog` is to be rendered somewhere. There is one menu
 * for all rows, since one in each would cost more than the row.
 */
export function useLinkDialogs(): { dialogs: LinkDialogs; dialog: ReactNode } {
  const [shown, setShown] = useState<Shown>(null);
  const menuButton = useRef<HTMLElement>(null);
  const open = useCallback((kind: 'edit' | 'qr', link: Link) => setShown({ kind, link }), []);
  const openMenu = useCallback((link: Link, button: HTMLElement) => {
    menuButton.current = button;
    setShown({ kind: 'menu', link });
  }, []);
  const close = useCallback(() => {
    setShown(null);
    // A dialog that the menu opened has only the menu to give the focus back to, which is gone.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) menuButton.current?.focus();
    });
  }, []);
  const dialogs = useMemo(() => ({ open, openMenu }), [open, openMenu]);
  return { dialogs, dialog: shown && show(shown, { menuButton, open, close }) };
}

function show(
  { kind, link }: NonNullable<Shown>,
  {
    menuButton,
    open,
    close,
  }: { menuButton: RefObject<HTMLElement | null>; open: LinkDialogs['open']; close: () => void },
) {
  if (kind === 'menu') {
    return (
      <Suspense fallback={null}>
        <LinkMenu link={link} button={menuButton} open={open} onClose={close} />
      </Suspense>
    );
  }
  const Dialog = kind === 'edit' ? EditDialog : QrDialog;
  return (
    <Suspense fallback={null}>
      <Dialog link={link} onClose={close} />
    </Suspense>
  );
}
