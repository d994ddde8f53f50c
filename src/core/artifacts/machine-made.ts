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
