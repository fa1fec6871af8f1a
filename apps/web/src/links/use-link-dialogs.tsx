import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Link } from '../api/types.ts';

const EditDialog = lazy(() => import('./edit-dialog.tsx'));
const QrDialog = lazy(() => import('./qr-dialog.tsx'));

export type OpenLinkDialog = (kind: 'edit' | 'qr', link: Link) => void;

/** The dialogs about one link, for a page that shows links: `open` one, and render `dialog` somewhere. */
export function useLinkDialogs(): { open: OpenLinkDialog; dialog: ReactNode } {
  const [shown, setShown] = useState<{ kind: 'edit' | 'qr'; link: Link } | null>(null);
  const Dialog = shown?.kind === 'edit' ? EditDialog : QrDialog;
  return {
    open: (kind, link) => setShown({ kind, link }),
    dialog: shown && (
      <Suspense fallback={null}>
        <Dialog link={shown.link} onClose={() => setShown(null)} />
      </Suspense>
    ),
  };
}
