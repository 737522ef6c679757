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
