import { restartWith } from './restart-with.ts';
import { rotateCertificates } from './rotate-certificates.ts';
import type { Site } from './site.ts';
import { beginAuthorityRotation, endAuthorityRotation, openVault } from './vault.ts';

/**
 * Replaces the authority while all runs: every process comes to trust both, every server gets a certificate of the new one, every
 * process forgets the old one. All hosts must be up. Interrupted, it leaves both trusted; called again it goes on.
 */
export async function rotateAuthority(site: Site): Promise<void> {
  beginAuthorityRotation(site);
  await restartWith(site, await openVault(site));
  await rotateCertificates(site);
  endAuthorityRotation(site);
  await restartWith(site, await openVault(site));
  console.log('The old authority is trusted no longer.');
}
