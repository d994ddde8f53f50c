import { legacyMd5, md5, type ObjectName } from "./digest.ts";

/**
 * Everything in a text that may name an object: an md5 by itself, with or without `.dir`. What may be
 * meant counts, so that no record, tag or desired state has to be understood to be honoured.
 *
 * @example namedDigests("Trainyard-Md5: 60b725f10c9c85c70d97880dfe8191b3").length // => 2
 * @example namedDigests("60b725f10c9c85c70d97880dfe8191b3ff") // => []
 */
export function namedDigests(text: string): readonly ObjectName[] {
  return [...text.matchAll(/(?<![0-9a-z])[0-9a-f]{32}(?:\.dir)?(?![0-9a-z])/gi)].flatMap(([digits]) =>
    bothNames(digits),
  );
}

/**
 * The names that 32 digits may be, by DVC 3 and by DVC 2.
 *
 * @example bothNames("60b725f10c9c85c70d97880dfe8191b3") // => ["60b725f10c9c85c70d97880dfe8191b3", "md5-dos2unix:60b725f10c9c85c70d97880dfe8191b3"]
 */
export function bothNames(digits: string): readonly ObjectName[] {
  return [md5(digits), legacyMd5(digits)].filter((name) => name !== undefined);
}
