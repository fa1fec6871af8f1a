import { useState } from 'react';
import { Page } from '../parts/page.tsx';
import type { Link } from '../api/types.ts';
import { useLinkDialogs } from '../links/use-link-dialogs.tsx';
import { CreatedLink } from './created-link.tsx';
import { CreateForm } from './create-form.tsx';
import { RecentLinks } from './recent-links.tsx';

/** Make a link; below it the newest ones. */
export function HomePage() {
  const [created, setCreated] = useState<Link | null>(null);
  const { open, dialog } = useLinkDialogs();
  return (
    <Page title="Make a long link short" takesFocus={false}>
      <CreateForm onCreated={setCreated} />
      {created && <CreatedLink key={created.slug} link={created} openDialog={open} />}
      <RecentLinks openDialog={open} />
      {dialog}
    </Page>
  );
}
