import { orThrow } from '@shortstack/client';
import { type InfiniteData, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/api-context.ts';
import { fieldErrors } from '../api/field-errors.ts';
import { sayError } from '../api/say-error.ts';
import type { Link, UpdateLinkBody } from '../api/types.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Notice } from '../parts/notice.tsx';
import { TextField } from '../parts/text-field.tsx';
import { useToast } from '../parts/use-toast.ts';
import styles from './edit-dialog.module.css';
import { changesOf, draftOf } from './link-draft.ts';
import { LinkFields } from './link-fields.tsx';

type LinkPages = InfiniteData<{ items: Link[]; nextCursor: string | null }>;

/** Its page alone, instead of reading all pages of the list again. */
function replaceIn(list: LinkPages | undefined, changed: Link): LinkPages | undefined {
  if (list === undefined) return undefined;
  const pages = list.pages.map((page) => ({
    ...page,
    items: page.items.map((link) => (link.slug === changed.slug ? changed : link)),
  }));
  return { ...list, pages };
}

/** Changes a link; closes once that is done. */
export default function EditDialog({ link, onClose }: { link: Link; onClose: () => void }) {
  const api = useApi();
  const toasts = useToast();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(link));
  const { mutate, isPending, error } = useMutation({
    mutationFn: (body: UpdateLinkBody) =>
      orThrow(api.PATCH('/api/links/{slug}', { params: { path: { slug: link.slug } }, body })),
    onSuccess(changed) {
      queries.setQueryData(['link', link.slug], changed);
      queries.setQueriesData<LinkPages>({ queryKey: ['links', 'list'] }, (list) =>
        replaceIn(list, changed),
      );
      void queries.invalidateQueries({ queryKey: ['links', 'recent'] });
      toasts.show({ text: `Changed /${link.slug}. Visitors see it within seconds.` });
      onClose();
    },
  });
  const errors = fieldErrors(error);

  return (
    <Dialog title={`Edit /${link.slug}`} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          const changes = changesOf(link, draft);
          if (changes) mutate(changes);
          else onClose();
        }}
      >
        {error && Object.keys(errors).length === 0 && (
          <Notice kind="error">{sayError(error)}</Notice>
        )}
        <TextField
          label="Leads to"
          type="text"
          inputMode="url"
          required
          value={draft.url}
          onChange={(url) => setDraft({ ...draft, url })}
          error={errors.url}
        />
        <LinkFields
          draft={draft}
          onChange={setDraft}
          errors={errors}
          hasPassword={link.hasPassword}
        />
        <div className={styles.actions}>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" isBusy={isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
