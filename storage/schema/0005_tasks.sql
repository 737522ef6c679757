-- Certificates by their content, whether uploaded or issued here.
CREATE INDEX certificate_fingerprint ON certificate (account, fingerprint_sha1, sequence)
  WHERE fingerprint_sha1 <> '';

-- By the token's hash: who holds the token is the caller, so it is found before the account is
-- known. Rows that expired go when new ones come.
CREATE TABLE download_link (
  token_hash BLOB NOT NULL PRIMARY KEY,
  account BIGINT NOT NULL,
  certificate TEXT NOT NULL,
  server_type TEXT NOT NULL,
  expires BIGINT NOT NULL
);
CREATE INDEX download_link_expires ON download_link (expires);

-- Deletions with a resource check. Rows stay when their certificate is gone: callers ask for them.
CREATE TABLE delete_task (
  account BIGINT NOT NULL,
  id TEXT NOT NULL,
  certificate TEXT NOT NULL,
  status BIGINT NOT NULL,
  error TEXT NOT NULL,
  domains TEXT NOT NULL,
  created BIGINT NOT NULL,
  checked BIGINT,
  PRIMARY KEY (account, id)
);
CREATE INDEX delete_task_running ON delete_task (account, certificate) WHERE status = 0;
