/** Options that every remote of DVC's may have. */
const COMMON = ["checksum_jobs", "jobs", "worktree", "no_traverse", "version_aware", "verify"];
const HTTP = [
  ...["auth", "custom_auth_header", "user", "password", "ask_password", "ssl_verify", "method"],
  ...["connect_timeout", "read_timeout"],
];
const WEBDAV = [
  ...["user", "password", "ask_password", "token", "bearer_token_command", "custom_auth_header"],
  ...["cert_path", "key_path", "timeout", "ssl_verify"],
];

/** What else a remote may have, by the scheme of its url; a folder has none. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  "": ["type", "protected", "shared", "slow_link_warning"],
  s3: [
    ...["region", "profile", "credentialpath", "configpath", "endpointurl", "access_key_id"],
    ...["secret_access_key", "session_token", "listobjects", "use_ssl", "allow_anonymous_login"],
    ...["ssl_verify", "sse", "sse_kms_key_id", "sse_customer_algorithm", "sse_customer_key", "acl"],
    ...["grant_read", "grant_read_acp", "grant_write_acp", "grant_full_control", "cache_regions"],
    ...["read_timeout", "connect_timeout"],
  ],
  gs: ["projectname", "credentialpath", "endpointurl", "allow_anonymous_login"],
  ssh: [
    ...["type", "port", "user", "password", "ask_password", "passphrase", "ask_passphrase", "keyfile"],
    ...["timeout", "gss_auth", "allow_agent", "max_sessions"],
  ],
  azure: [
    ...["connection_string", "sas_token", "account_name", "account_key", "tenant_id", "client_id"],
    ...["client_secret", "allow_anonymous_login", "exclude_environment_credential"],
    ...["exclude_visual_studio_code_credential", "exclude_shared_token_cache_credential"],
    ...["exclude_managed_identity_credential", "timeout", "read_timeout", "connection_timeout"],
  ],
  http: HTTP,
  https: HTTP,
  webdav: WEBDAV,
  webdavs: WEBDAV,
  hdfs: ["user", "kerb_ticket", "replication"],
  webhdfs: [
    ...["kerberos", "kerberos_principal", "proxy_to", "ssl_verify", "token", "use_https", "user"],
    ...["password", "data_proxy_target"],
  ],
  oss: ["oss_key_id", "oss_key_secret", "oss_endpoint"],
  gdrive: [
    ...["profile", "gdrive_use_service_account", "gdrive_client_id", "gdrive_client_secret"],
    ...["gdrive_user_credentials_file", "gdrive_service_account_user_email"],
    ...["gdrive_service_account_json_file_path", "gdrive_trash_only", "gdrive_acknowledge_abuse"],
  ],
};

/**
 * The options that DVC knows of a remote with this url; undefined where it does not know the scheme.
 *
 * @example remoteOptionsOf("../store").has("shared") // => true
 * @example remoteOptionsOf("s3://bucket").has("keyfile") // => false
 * @example remoteOptionsOf("oci://ghcr.io/owner/repo") // => undefined
 */
export function remoteOptionsOf(url: string): ReadonlySet<string> | undefined {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(url)?.[1]?.toLowerCase() ?? "";
  const own = Object.hasOwn(OPTIONS, scheme) ? OPTIONS[scheme] : undefined;
  return own === undefined ? undefined : new Set([...COMMON, ...own]);
}
