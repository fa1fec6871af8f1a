import { escapeHtml } from '@shortstack/server';

export interface FormField {
  name: string;
  label: string;
  type: 'email' | 'password' | 'text';
  autocomplete: string;
  maxLength: number;
  /** As it was typed. Never for a password. */
  value?: string;
  hint?: string;
  /** What is wrong with what was typed, and what would be right. */
  fault?: string | undefined;
  isRequired?: boolean;
  hasFocus?: boolean;
}

/** A label, its input, and what is to be said about it, tied together for those who can't see that. */
export function formField(field: FormField): string {
  const { name, label, fault, hint, value = '', isRequired = true, hasFocus = false } = field;
  const attributes = [
    `type="${field.type}" name="${name}" value="${escapeHtml(value)}"`,
    `autocomplete="${field.autocomplete}" maxlength="${field.maxLength}"`,
    ...(isRequired ? ['required'] : []),
    ...(hasFocus ? ['autofocus'] : []),
    ...(fault || hint ? [`aria-describedby="${name}-note"`] : []),
    ...(fault ? ['aria-invalid="true"'] : []),
  ].join(' ');
  const note = fault || hint;
  const text =
    note === undefined
      ? ''
      : `<p class="note${fault ? ' fault' : ''}" id="${name}-note">${escapeHtml(note)}</p>`;
  return `<label>${escapeHtml(label)} <input ${attributes}></label>${text}`;
}
