const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/**
 * A number of bytes for a person, in powers of a thousand.
 *
 * @example formatBytes(534) // => "534 B"
 * @example formatBytes(13493022) // => "13.5 MB"
 */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let size = bytes;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 || size >= 99.95 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`;
}
