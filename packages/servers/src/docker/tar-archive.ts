const BLOCK = 512;

/**
 * A tar archive of one file that everybody may read, as Docker wants what is copied into a container.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html (ustar interchange format)
 */
export function tarArchive(path: string, content: string): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number) =>
    header.write(`${value.toString(8).padStart(digits, '0')}\0`, at);
  header.write(path);
  octal(0o644, 100, 7);
  octal(0, 108, 7); // owner and group: root
  octal(0, 116, 7);
  octal(body.length, 124, 11);
  octal(0, 136, 11); // time of the last change
  header.write('0', 156); // a regular file
  header.write('ustar\x0000', 257);
  // The checksum is made as if its own field were spaces.
  header.fill(' ', 148, 156);
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  const padding = -body.length & (BLOCK - 1);
  return Buffer.concat([header, body, Buffer.alloc(padding + 2 * BLOCK)]);
}
