import { orThrow } from '@shortstack/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useApi } from '../api/api-context.ts';
import { fieldErrors } from '../api/field-errors.ts';
import { sayError } from '../api/say-error.ts';
import type { CreateLinkBody, Link } from '../api/types.ts';
import { bodyOf, emptyDraft, type LinkDraft } from '../links/link-draft.ts';
import { LinkFields } from '../links/link-fields.tsx';
import { Button } from '../parts/button.tsx';
import { copyText } from '../parts/copy-text.ts';
import { TextField } from '../parts/text-field.tsx';
import { useToast } from '../parts/use-toast.ts';
import styles from './create-form.module.css';
import { useIdempotencyKey } from './use-idempotency-key.ts';

/** Paste, Enter, and the short link is on the clipboard. */
export function CreateForm({ onCreated }: { onCreated: (link: Link) => void }) {
  const api = useApi();
  const toasts = useToast();
  const queries = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(emptyDraft);
  const [showsOptions, setShowsOptions] = useState(false);
  const { keyOf, renew } = useIdempotencyKey();
  const { mutateAsync, isPending, error, reset } = useMutation({
    mutationFn: (body: CreateLinkBody) =>
      orThrow(api.POST('/api/links', { body, headers: { 'idempotency-key': keyOf(body) } })),
  });
  const errors = fieldErrors(error);
  const urlError = errors.url ?? (error && Object.keys(errors).length === 0 ? sayError(error) : '');

  function change(next: LinkDraft) {
    if (error) reset();
    setDraft(next);
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isPending || draft.url.trim() === '') return;
    const creating = mutateAsync(bodyOf(draft));
    const copying = copyText(creating.then(({ shortUrl }) => shortUrl));
    try {
      const link = await creating;
      const isCopied = await copying;
      renew();
      onCreated(link);
      setDraft(emptyDraft);
      toasts.show({
        text: isCopied
          ? `Copied ${link.shortUrl}`
          : `Created ${link.shortUrl}. Press Copy to copy it.`,
      });
      queries.removeQueries({ queryKey: ['links', 'list'] });
      void queries.invalidateQueries({ queryKey: ['links', 'recent'] });
      input.current?.focus();
    } catch (reason) {
      // The form shows it.
      const { url, ...ofOptions } = fieldErrors(reason);
      const isOfOption = Object.keys(ofOptions).length > 0;
      if (isOfOption) setShowsOptions(true);
      if (!isOfOption || url) input.current?.focus();
    }
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <div className={styles.line}>
        <TextField
          ref={input}
          label="Paste a long URL"
          type="text"
          inputMode="url"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          autoFocus
          placeholder="https://example.com/a/very/long/address"
          value={draft.url}
          onChange={(url) => change({ ...draft, url })}
          error={urlError || undefined}
        />
        <Button variant="primary" size="large" type="submit" isBusy={isPending}>
          Shorten
        </Button>
      </div>
      <details
        className={styles.options}
        open={showsOptions}
        onToggle={(event) => setShowsOptions(event.currentTarget.open)}
        onInvalidCapture={() => setShowsOptions(true)}
      >
        <summary>Options</summary>
        <LinkFields draft={draft} onChange={change} errors={errors}>
          <TextField
            label="Custom slug"
            hint="Letters, digits, _ and -"
            pattern="[A-Za-z0-9_\-]{1,64}"
            maxLength={64}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            value={draft.slug}
            onChange={(slug) => change({ ...draft, slug })}
            error={errors.slug}
          />
        </LinkFields>
      </details>
    </form>
  );
}
