/**
 * A contract that says where bytes are kept: in the registry of the repository itself.
 *
 * @param url such as `oci://ghcr.io/acme/wages`
 *
 * @example withRemote("model: wages\n", "oci://ghcr.io/acme/wages") // => "model: wages\n# Data and models are kept with the repository's packages: docs/artifacts/oci.md\nartifacts: { remote: \"oci://ghcr.io/acme/wages\" }\n"
 */
export function withRemote(contract: string, url: string): string {
  return `${contract.trimEnd()}\n# Data and models are kept with the repository's packages: docs/artifacts/oci.md\nartifacts: { remote: ${JSON.stringify(url)} }\n`;
}

/**
 * The repository of packages that belongs to one on GitHub.
 *
 * @example packagesOf("Acme/wages") // => "oci://ghcr.io/acme/wages"
 */
export function packagesOf(repository: string): string {
  return `oci://ghcr.io/${repository.toLowerCase()}`;
}
