import { type QrMatrix, quietZone } from './qr-matrix.ts';

/** Dark on white, with its quiet zone, in one path. `pixels` is its size where nobody gives it another. */
export function qrSvg({ size, isDark }: QrMatrix, pixels: number): string {
  const width = size + 2 * quietZone;
  let path = '';
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (!isDark(row, column)) continue;
      const start = column;
      while (column + 1 < size && isDark(row, column + 1)) column += 1;
      const length = column - start + 1;
      path += `M${start + quietZone} ${row + quietZone}h${length}v1h-${length}z`;
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${pixels}" height="${pixels}" viewBox="0 0 ${width} ${width}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${width}v${width}H0z"/><path d="${path}"/></svg>`;
}
