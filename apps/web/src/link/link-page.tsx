import { Page } from '../parts/page.tsx';

export default function LinkPage({ slug }: { slug: string }) {
  return <Page title={`/${slug}`}>{null}</Page>;
}
