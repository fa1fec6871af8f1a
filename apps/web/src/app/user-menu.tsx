import { Activity, BookOpen, CircleUser, LogOut, Settings } from 'lucide-react';
import { useLocation } from 'wouter';
import { Button } from '../parts/button.tsx';
import { Menu } from '../parts/menu.tsx';
import { useSession } from './use-session.ts';
import { useSignOut } from './use-sign-out.ts';

/** Who is signed in, the way to the account, and the way out. */
export default function UserMenu() {
  const [, navigate] = useLocation();
  const { data } = useSession();
  const { mutate: signOut } = useSignOut();
  const who = data?.user.name || data?.user.email;
  return (
    <Menu
      label="Account"
      actions={[
        { id: 'account', label: 'Account', icon: Settings, onAction: () => navigate('/account') },
        ...(data?.user.role === 'admin'
          ? [{ id: 'ops', label: 'Operations', icon: Activity, href: '/ops' }]
          : []),
        { id: 'docs', label: 'API documentation', icon: BookOpen, href: '/docs/' },
        { id: 'sign-out', label: 'Sign out', icon: LogOut, onAction: () => signOut() },
      ]}
    >
      <Button variant="ghost" icon={CircleUser} label={who ? `Account of ${who}` : 'Account'} />
    </Menu>
  );
}
