/** Leaves for create's sign-in page, which leads back here. */
export function leadToSignIn(): void {
  const { href } = window.location;
  window.location.replace(`/sign-in?returnTo=${encodeURIComponent(href)}`);
}
