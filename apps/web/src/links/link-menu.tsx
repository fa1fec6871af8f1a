import { Pencil, QrCode, Trash2 } from 'lucide-react';
import type { RefObject } from 'react';
import type { Link } from '../api/types.ts';
import { MenuPopover } from '../parts/menu.tsx';
import { useDeleteLink } from './use-delete-link.ts';

export interface LinkMenuProps {
  link: Link;
  /** Where it opens, and where the focus returns to. */
  button: RefObject<HTMLElement | null>;
  open: (kind: 'edit' | 'qr', link: Link) => void;
  onClose: () => void;
}

/** What can be done with a link in a list. */
export default function LinkMenu({ link, button, open, onClose }: LinkMenuProps) {
  const deleteLink = useDeleteLink();
  return (
    <MenuPopover
      label={`Actions for /${link.slug}`}
      triggerRef={button}
      onClose={onClose}
      actions={[
        { id: 'edit', label: 'Edit', icon: Pencil, onAction: () => open('edit', link) },
        { id: 'qr', label: 'QR code', icon: QrCode, onAction: () => open('qr', link) },
        {
          id: 'delete',
          label: 'Delete',
          icon: Trash2,
          isDangerous: true,
          onAction: () => deleteLink(link.slug),
        },
      ]}
    />
  );
}
