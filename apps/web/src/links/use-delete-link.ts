import { useToast } from '../parts/use-toast.ts';
import { usePendingDeletions } from './pending-deletions.ts';

/** A deletion can be undone for at least that long. */
const undoMs = 8_000;

/** Deletes a link once the toast that offers to undo it is gone. */
export function useDeleteLink(): (slug: string) => void {
  const deletions = usePendingDeletions();
  const toasts = useToast();
  return (slug) => {
    deletions.delete(slug);
    toasts.show({
      text: `Deleted /${slug}`,
      action: { label: 'Undo', onPress: () => deletions.undo(slug) },
      durationMs: undoMs,
      // By keyboard the next key may undo it; by mouse the toast would stay until the next click.
      takesFocus: document.activeElement?.matches(':focus-visible') ?? false,
      onClose: () => void deletions.commit(slug),
    });
  };
}
