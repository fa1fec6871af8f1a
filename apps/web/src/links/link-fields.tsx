import type { ReactNode } from 'react';
import { CheckField } from '../parts/check-field.tsx';
import { TextField } from '../parts/text-field.tsx';
import type { LinkDraft } from './link-draft.ts';
import styles from './link-fields.module.css';

export interface LinkFieldsProps {
  draft: LinkDraft;
  onChange: (draft: LinkDraft) => void;
  /** By the name of the field. */
  errors: Record<string, string>;
  /** Whether the link has one that can be taken away. */
  hasPassword?: boolean;
  /** Fields before these. */
  children?: ReactNode;
}

/** What may be said of a link besides where it leads: optional, all of it. */
export function LinkFields({ draft, onChange, errors, hasPassword, children }: LinkFieldsProps) {
  const set = (part: Partial<LinkDraft>) => onChange({ ...draft, ...part });
  return (
    <div className={styles.grid}>
      {children}
      <TextField
        label="Title"
        value={draft.title}
        onChange={(title) => set({ title })}
        error={errors.title}
        maxLength={300}
      />
      <TextField
        label="Tags"
        hint="Separated by commas"
        value={draft.tags}
        onChange={(tags) => set({ tags })}
        error={errors.tags}
        autoCapitalize="off"
      />
      <TextField
        label="Expires"
        hint="Leads nowhere from then on"
        type="datetime-local"
        value={draft.expiresAt}
        onChange={(expiresAt) => set({ expiresAt })}
        error={errors.expiresAt}
      />
      <TextField
        label="Clicks at most"
        hint="Bots spend them too"
        type="number"
        min={1}
        step={1}
        inputMode="numeric"
        value={draft.maxClicks}
        onChange={(maxClicks) => set({ maxClicks })}
        error={errors.maxClicks}
      />
      <TextField
        label={hasPassword ? 'New password' : 'Password'}
        hint={hasPassword ? 'Empty: the one it has stays' : 'Visitors are asked for it'}
        type="password"
        autoComplete="new-password"
        value={draft.password}
        onChange={(password) => set({ password })}
        disabled={draft.removesPassword}
        error={errors.password}
        maxLength={200}
      />
      <div className={styles.checks}>
        <CheckField
          label="Private"
          hint="For you alone, when signed in"
          isChecked={draft.isPrivate}
          onChange={(isPrivate) => set({ isPrivate })}
        />
        {hasPassword && (
          <CheckField
            label="Remove the password"
            isChecked={draft.removesPassword}
            onChange={(removesPassword) => set({ removesPassword, password: '' })}
          />
        )}
      </div>
    </div>
  );
}
