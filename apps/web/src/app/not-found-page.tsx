import { Link } from 'wouter';
import { Page } from '../parts/page.tsx';

export function NotFoundPage() {
  return (
    <Page title="There is nothing here">
      <p>
        The address may be mistyped. <Link href="/links">See your links</Link>
      </p>
    </Page>
  );
}
