import { type Place, UserError } from "../../errors.ts";

/** A repository of a container registry. */
export interface RegistryAddress {
  /** As it is written: `oci://ghcr.io/acme/wages`. */
  readonly url: string;
  /** With its port, where one is given. */
  readonly host: string;
  /** Below the host: `acme/wages`. */
  readonly name: string;
  /** Where its API is: `https://ghcr.io`; http for this very machine alone. */
  readonly origin: string;
}

/** A part of a repository's name, and a host with an optional port, as the distribution specification has them. */
const PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?$/;
const LOOPBACK = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]+)?$/;
/** A tag of ours and a digest fit beside it into what registries allow of a reference. */
const LONGEST = 200;

/**
 * Whether a url is that of a registry.
 *
 * @example isRegistry("OCI://ghcr.io/acme/wages") // => true
 */
export function isRegistry(url: string): boolean {
  return /^oci:\/\//i.test(url);
}

/**
 * Takes an `oci://` address apart.
 *
 * @throws {UserError} where it is none
 *
 * @example registryAddress("oci://ghcr.io/acme/wages").name // => "acme/wages"
 * @example registryAddress("oci://127.0.0.1:5000/wages").origin // => "http://127.0.0.1:5000"
 * @example registryAddress("oci://ghcr.io/Acme/wages") // throws "oci://ghcr.io/acme/wages"
 * @example registryAddress("oci://ghcr.io/acme/wages:latest") // throws "without tag"
 */
export function registryAddress(url: string, at?: Place): RegistryAddress {
  const [, host = "", name = ""] = /^oci:\/\/([^/]*)\/(.*)$/i.exec(url) ?? [];
  const place = at === undefined ? {} : { at };
  const wrong = (what: string): UserError => new UserError(`${JSON.stringify(url)} ${what}`, place);
  if (!isRegistry(url) || name === "") {
    throw wrong(
      "is no repository of a registry; write oci://HOST/OWNER/NAME, such as oci://ghcr.io/acme/wages",
    );
  }
  if (host.includes("@"))
    throw wrong("holds a login; credentials come from the environment, see docs/artifacts/oci.md");
  if (!HOST.test(host)) throw wrong("names no host; write oci://HOST/OWNER/NAME");
  if (/[:@]/.test(name)) throw wrong("names a tag or digest; write it without tag and digest");
  if (name !== name.toLowerCase()) {
    throw wrong(`has upper-case letters, which registries refuse; write oci://${host}/${name.toLowerCase()}`);
  }
  if (name.length > LONGEST || !name.split("/").every((part) => PART.test(part))) {
    throw wrong("is no name of a repository: lower-case letters and digits, with . _ or - between them");
  }
  const lower = host.toLowerCase();
  return {
    url: `oci://${lower}/${name}`,
    host: lower,
    name,
    origin: `${LOOPBACK.test(lower) ? "http" : "https"}://${lower}`,
  };
}

/**
 * Whether it is GitHub's registry, which wants other credentials and deletes in another way.
 *
 * @example isGitHubs(registryAddress("oci://ghcr.io/acme/wages")) // => true
 */
export function isGitHubs({ host }: RegistryAddress): boolean {
  return host === "ghcr.io";
}
