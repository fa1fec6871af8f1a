import { useSession } from '../app/use-session.ts';
import { Page } from '../parts/page.tsx';
import { IdentitiesCard } from './identities-card.tsx';
import { KeysCard } from './keys-card.tsx';
import { SessionsCard } from './sessions-card.tsx';

/** Where one is signed in, how one signs in, and the keys of one's programs. */
export default function AccountPage() {
  const { data } = useSession();
  return (
    <Page title="Account">
      {data && <p>{[data.user.name, data.user.email].filter(Boolean).join(' · ')}</p>}
      <SessionsCard />
      <IdentitiesCard />
      <KeysCard />
    </Page>
  );
}
