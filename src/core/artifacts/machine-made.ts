/** Files that an operating system or a tool leaves in a folder, each machine other ones. */
const MACHINE_MADE =
  /(?:^|\/)(?:\.DS_Store|\._[^/]+|Thumbs\.db|desktop\.ini|\.ipynb_checkpoints\/.+|__pycache__\/.+|[^/]+\.pyc)$/i;

/**
 * Whether a file of a folder is there because of the machine that it lay on: with it, the folder has another
 * version on every machine.
 *
 * @example isMachineMade("images/.DS_Store") // => true
 * @example isMachineMade("src/__pycache__/a.cpython-312.pyc") // => true
 * @example isMachineMade("images/1.png") // => false
 */
export const isMachineMade = (path: string): boolean => MACHINE_MADE.test(path);

/**
 * Whether two texts differ in nothing but that the lines of the newer end as on Windows.
 *
 * @example isOnlyCrlf(Buffer.from("a\nb\n"), Buffer.from("a\r\nb\r\n")) // => true
 * @example isOnlyCrlf(Buffer.from("a\nb\n"), Buffer.from("a\nc\n")) // => false
 */
export function isOnlyCrlf(before: Buffer, after: Buffer): boolean {
  if (after.length <= before.length || before.includes(0) || before.includes("\r\n")) return false;
  let at = 0;
  for (const [index, byte] of after.entries()) {
    if (byte === 0x0d && after[index + 1] === 0x0a) continue;
    if (before[at++] !== byte) return false;
  }
  return at === before.length;
}
