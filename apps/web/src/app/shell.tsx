import { ApiError } from '@shortstack/client';
import { lazy, type ReactNode, Suspense } from 'react';
import { Link, useRoute } from 'wouter';
import { Failure } from '../api/failure.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { Brand } from './brand.tsx';
import { OfflineNotice } from './offline-notice.tsx';
import styles from './shell.module.css';
import { TopBar } from './top-bar.tsx';
import { useSession } from './use-session.ts';
import { useSessionEnd } from './use-session-end.ts';

// Menus take a third of the scripts, and are not needed at first sight.
const ThemeMenu = lazy(() => import('./theme-menu.tsx'));
const UserMenu = lazy(() => import('./user-menu.tsx'));

/** What surrounds every page of the dashboard. Its content is for those who are signed in. */
export function Shell({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useSession();
  useSessionEnd();
  const isLeaving = error instanceof ApiError && error.status === 401;
  return (
    <>
      <TopBar
        brand={
          <Link href="/" aria-label="Shortstack, home">
            <Brand />
          </Link>
        }
        navigation={
          <>
            <NavigationLink href="/">New link</NavigationLink>
            <NavigationLink href="/links">Links</NavigationLink>
            {/* Where there is no room for it, the user menu has it. */}
            {data?.user.role === 'admin' && (
              <a href="/ops" data-wide>
                Operations
              </a>
            )}
          </>
        }
        tools={
          <>
            <ThemeMenu />
            <UserMenu />
          </>
        }
      />
      <main id="content" tabIndex={-1} className={styles.main}>
        <OfflineNotice />
        {error && !isLeaving && !data ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : data ? (
          <Suspense fallback={<PageSkeleton />}>{children}</Suspense>
        ) : (
          <PageSkeleton />
        )}
      </main>
    </>
  );
}

function NavigationLink({ href, children }: { href: string; children: ReactNode }) {
  const [isHere] = useRoute(href);
  return (
    <Link href={href} aria-current={isHere ? 'page' : undefined}>
      {children}
    </Link>
  );
}

function PageSkeleton() {
  return (
    <div className={styles.skeleton} aria-busy="true">
      <Skeleton width="14rem" height="1.9rem" />
      <Skeleton height="9rem" />
    </div>
  );
}
