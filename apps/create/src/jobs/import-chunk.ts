import { CreateLinkBody, type ImportJob } from '@shortstack/contracts';
import { createValidator, parseJsonBody } from '@shortstack/server';
import { createImportRowCheck } from '../domain/check-import-row.ts';
import { createLinks } from '../domain/create-links.ts';
import type { LinkRuleContext } from '../domain/link-draft.ts';
import type { LinkCreationPorts } from '../domain/link-writer.ts';
import type { OpenChunk } from '../domain/stored-import.ts';

export interface ImportChunkOptions {
  findOpenChunk: (importId: string, number: number) => Promise<OpenChunk | null>;
  /** How the links of a chunk are stored: `once` marks it as done in the same transaction. */
  portsFor: (importId: string, number: number, chunk: OpenChunk) => LinkCreationPorts;
  ruleContext: () => LinkRuleContext;
}

/** Makes the links of one chunk as a bulk of links is made: a bad row spoils no other. Exactly once, however often it runs. */
export function createImportChunk(options: ImportChunkOptions) {
  const { findOpenChunk, portsFor, ruleContext } = options;
  const checkRow = createValidator(CreateLinkBody);
  const parseJson = (text: string) => parseJsonBody(Buffer.from(text));

  return async ({ importId, number = 0 }: ImportJob): Promise<void> => {
    const chunk = await findOpenChunk(importId, number);
    if (chunk === null) return;
    const { accountId, content } = chunk;
    const { columns, rows } = content;
    await createLinks(
      portsFor(importId, number, chunk),
      accountId,
      rows,
      {
        ...ruleContext(),
        checkRow: createImportRowCheck({ columns, checkRow, parseJson }),
        present: ({ slug }) => slug,
      },
      { accountId, key: `import-${importId}-${number}`, requestHash: '' },
    );
  };
}
