import { useToast } from '../parts/use-toast.ts';
import { usePendingDeletions } from './pending-deletions.ts';
import { undoMs } from './pending-deletions-provider.tsx';

/** Deletes a link in a while, and offers to undo that until then. */
export function useDeleteLink(): (slug: string) => void {
  const deletions = usePendingDeletions();
  const toasts = useToast();
  return (slug) => {
    deletions.delete(slug);
    toasts.show({
      text: `Deleted /${slug}`,
      action: { label: 'Undo', onPress: () => deletions.undo(slug) },
      durationMs: undoMs,
    });
  };
}
