import { Page } from '../parts/page.tsx';

export default function LinksPage() {
  return <Page title="Links">{null}</Page>;
}
