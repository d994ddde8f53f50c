/**
 * Text of many lines for a terminal: of the control characters, which could move its cursor, rewrite its
 * lines or its title, line ends, tabs and colours stay. File names of strangers hold whatever they like.
 *
 * @example forScreen("wrote a\u001b[2K.txt\n") // => "wrote a�[2K.txt\n"
 * @example forScreen("a\tb\r") // => "a\tb�"
 */
export function forScreen(text: string): string {
  return text.replace(/[^\P{Cc}\n\t](\[\d{0,3}m)?|[\u202a-\u202e\u2066-\u2069]/gu, (found) =>
    found.startsWith("\u001b[") ? found : `\ufffd${found.slice(1)}`,
  );
}
