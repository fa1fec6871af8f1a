/** `0/s`, `1.2/s`, `34/s`, `5.6k/s` */
export function perSecond(rate: number): string {
  return `${brief(rate)}/s`;
}

/** At most three digits: `0`, `0.4`, `34`, `5.6k`, `1.2M` */
export function brief(value: number): string {
  for (const [size, sign] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (value >= size * 0.9995) return `${digits(value / size)}${sign}`;
  }
  return digits(value);
}

function digits(value: number): string {
  const text = value < 9.95 ? value.toFixed(1) : value.toFixed(0);
  return text.endsWith('.0') ? text.slice(0, -2) : text;
}

/** `12 MiB` */
export function mebibytes(bytes: number): string {
  return `${brief(bytes / 1_048_576)} MiB`;
}

/** `98 %`; full marks only for all of them. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value > 99 && value < 100 ? Math.floor(value * 10) / 10 : Math.round(value)} %`;
}

/** In the two largest units: `3 d 4 h`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const units: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = units.findIndex(([value]) => value > 0);
  const shown = first < 0 ? units.slice(-1) : units.slice(first, first + 2);
  return shown.map(([value, unit]) => `${value} ${unit}`).join(' ');
}

/** `4:05` */
export function countdown(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
