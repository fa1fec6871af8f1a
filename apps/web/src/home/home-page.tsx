import { useState } from 'react';
import type { Link } from '../api/types.ts';
import { useLinkDialogs } from '../links/use-link-dialogs.tsx';
import { Page } from '../parts/page.tsx';
import { CreateForm } from './create-form.tsx';
import { CreatedLink } from './created-link.tsx';
import { RecentLinks } from './recent-links.tsx';

/** Make a link; below it the newest ones. */
export function HomePage() {
  const [created, setCreated] = useState<Link | null>(null);
  const { dialogs, dialog } = useLinkDialogs();
  return (
    <Page title="Make a long link short" takesFocus={false}>
      <CreateForm onCreated={setCreated} />
      {created && <CreatedLink key={created.slug} link={created} dialogs={dialogs} />}
      <RecentLinks dialogs={dialogs} />
      {dialog}
    </Page>
  );
}
