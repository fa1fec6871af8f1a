import { create } from 'qrcode';

/** The modules of a QR code: which of size × size are dark. */
export interface QrMatrix {
  size: number;
  isDark: (row: number, column: number) => boolean;
}

/** Modules of light around it, by the standard: without them readers don't find it. */
export const quietZone = 4;

/**
 * The QR code of a text, at level M: it is read with 15 % of it covered.
 * @see https://www.iso.org/standard/83389.html ISO/IEC 18004
 */
export function qrMatrix(text: string): QrMatrix {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  return {
    size: modules.size,
    isDark: (row, column) => modules.get(row, column) === 1,
  };
}
