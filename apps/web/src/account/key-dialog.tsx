import { orThrow } from '@shortstack/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/api-context.ts';
import { fieldErrors } from '../api/field-errors.ts';
import { sayError } from '../api/say-error.ts';
import { Button } from '../parts/button.tsx';
import { CheckField } from '../parts/check-field.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Notice } from '../parts/notice.tsx';
import { SelectField } from '../parts/select-field.tsx';
import { TextField } from '../parts/text-field.tsx';
import styles from './key-dialog.module.css';
import { draftKey, expiryChoices, keyBody, scopeChoices } from './key-draft.ts';
import { NewKey } from './new-key.tsx';

/** Makes a key, and shows it this once. */
export function KeyDialog({ onClose }: { onClose: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(draftKey);
  const { mutate, isPending, error, data } = useMutation({
    mutationFn: () => orThrow(api.POST('/api/keys', { body: keyBody(draft, Date.now()) })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  });
  if (data) return <NewKey name={data.name} secret={data.key} onClose={onClose} />;
  const errors = fieldErrors(error);

  return (
    <Dialog title="New API key" onClose={onClose} isDismissable={!isPending}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          mutate();
        }}
      >
        {error && !errors.name && <Notice kind="error">{sayError(error)}</Notice>}
        <TextField
          label="Name"
          hint="What it is for, so that you know it again"
          required
          maxLength={100}
          autoComplete="off"
          value={draft.name}
          onChange={(name) => setDraft({ ...draft, name })}
          error={errors.name}
        />
        <fieldset className={styles.scopes}>
          <legend>What it may do</legend>
          {scopeChoices.map(({ scope, label, hint }) => (
            <CheckField
              key={scope}
              label={label}
              hint={hint}
              isChecked={draft.scopes.includes(scope)}
              onChange={(isChecked) =>
                setDraft({
                  ...draft,
                  scopes: isChecked
                    ? [...draft.scopes, scope]
                    : draft.scopes.filter((other) => other !== scope),
                })
              }
            />
          ))}
        </fieldset>
        <SelectField
          label="Expires"
          choices={expiryChoices}
          value={draft.expiry}
          onChange={(expiry) => setDraft({ ...draft, expiry })}
        />
        <div className={styles.actions}>
          <Button onPress={onClose} isDisabled={isPending}>
            Cancel
          </Button>
          <Button
            variant="primary"
            type="submit"
            isBusy={isPending}
            isDisabled={draft.scopes.length === 0}
          >
            Create key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
