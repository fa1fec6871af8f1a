import { lazy } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { HomePage } from '../home/home-page.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { NotFoundPage } from './not-found-page.tsx';

const LinksPage = lazy(() => import('../links/links-page.tsx'));
const LinkPage = lazy(() => import('../link/link-page.tsx'));
const AccountPage = lazy(() => import('../account/account-page.tsx'));

/** Which page an address shows. Those behind the first one are loaded when they are asked for. */
export function Routes() {
  const [path] = useLocation();
  // Another page may be well where one is broken.
  return (
    <ErrorBoundary key={path}>
      <Switch>
        <Route path="/">
          <HomePage />
        </Route>
        <Route path="/links">
          <LinksPage />
        </Route>
        <Route path="/links/:slug">{({ slug }) => <LinkPage key={slug} slug={slug} />}</Route>
        <Route path="/account">
          <AccountPage />
        </Route>
        <Route>
          <NotFoundPage />
        </Route>
      </Switch>
    </ErrorBoundary>
  );
}
