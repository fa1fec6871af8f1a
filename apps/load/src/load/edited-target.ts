/** Where a link leads after edit number `version` of this run. */
export function editedTarget(runId: string, version: number): string {
  return `https://example.com/${runId}/v${version}`;
}

/** The version of the target in the head of a redirect; 0 if no edit of this run made it. */
export function versionShown(runId: string, head: string): number {
  const marker = `/${runId}/v`;
  const at = head.indexOf(marker);
  return at < 0 ? 0 : Number.parseInt(head.slice(at + marker.length, at + marker.length + 12), 10);
}
