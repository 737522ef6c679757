-- Times are microseconds since 1970, booleans 0 or 1, lists text of storage/records.h. Every key
-- begins with the account, but for what is found before the account is known.

CREATE TABLE account (
  account BIGINT NOT NULL PRIMARY KEY,
  app_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  is_suspended BIGINT NOT NULL,
  created BIGINT NOT NULL
);

CREATE TABLE credential (
  secret_id TEXT NOT NULL PRIMARY KEY,
  account BIGINT NOT NULL REFERENCES account (account),
  secret_key BLOB NOT NULL,
  is_enabled BIGINT NOT NULL,
  created BIGINT NOT NULL
);
CREATE INDEX credential_account ON credential (account);

-- What is counted is not counted again: rows of an account ("certificates"), free certificates that
-- fill its quota ("free", "free/<registrable domain>"), numbers handed out.
CREATE TABLE counter (
  account BIGINT NOT NULL,
  name TEXT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (account, name)
);

CREATE TABLE certificate (
  account BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  id TEXT NOT NULL,
  status BIGINT NOT NULL,
  status_message TEXT NOT NULL,
  is_upload BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  package_type BIGINT,
  order_id TEXT NOT NULL,
  domain TEXT NOT NULL,
  registrable_domain TEXT NOT NULL,
  names TEXT NOT NULL,
  alias TEXT NOT NULL,
  project_id BIGINT NOT NULL,
  contact_email TEXT NOT NULL,
  contact_phone TEXT NOT NULL,
  tags TEXT NOT NULL,
  validity_months BIGINT NOT NULL,
  key_algorithm BIGINT NOT NULL,
  has_private_key BIGINT NOT NULL,
  has_key_password BIGINT NOT NULL,
  allow_download BIGINT NOT NULL,
  is_ignored BIGINT NOT NULL,
  validation_method BIGINT,
  delete_dns_auto_record BIGINT NOT NULL,
  authorizations TEXT NOT NULL,
  validation_deadline BIGINT,
  last_probe BIGINT,
  renews TEXT NOT NULL,
  renewed_by TEXT NOT NULL,
  inserted BIGINT NOT NULL,
  not_before BIGINT,
  not_after BIGINT,
  revoked BIGINT,
  fingerprint_sha1 TEXT NOT NULL,
  serial_number TEXT NOT NULL,
  key_description TEXT NOT NULL,
  issuer_name TEXT NOT NULL,
  signature_algorithm TEXT NOT NULL,
  ca_facts TEXT NOT NULL,
  PRIMARY KEY (account, sequence)
);
CREATE UNIQUE INDEX certificate_id ON certificate (id);
CREATE INDEX certificate_end ON certificate (account, not_after, sequence);
CREATE INDEX certificate_status ON certificate (account, status, sequence);
-- Revoked free ones, which fill a domain's quota until they end.
CREATE INDEX certificate_revoked ON certificate (account, registrable_domain, not_after)
  WHERE status = 10 AND package_type = 83;
CREATE INDEX certificate_upload ON certificate (account, fingerprint_sha1, sequence)
  WHERE is_upload = 1;

CREATE TABLE certificate_tag (
  account BIGINT NOT NULL,
  certificate TEXT NOT NULL,
  tag_key TEXT NOT NULL,
  tag_value TEXT NOT NULL,
  PRIMARY KEY (account, certificate, tag_key)
);
CREATE INDEX certificate_tag_value ON certificate_tag (account, tag_key, tag_value, certificate);

-- What stands above a leaf, once for all leaves below it. Stays when they are deleted.
CREATE TABLE chain (
  account BIGINT NOT NULL,
  digest BLOB NOT NULL,
  chain_der BLOB NOT NULL,
  root_der BLOB NOT NULL,
  PRIMARY KEY (account, digest)
);

CREATE TABLE certificate_body (
  account BIGINT NOT NULL,
  certificate TEXT NOT NULL,
  leaf_der BLOB NOT NULL,
  chain_digest BLOB,
  csr_der BLOB NOT NULL,
  uploaded_pem TEXT NOT NULL,
  PRIMARY KEY (account, certificate)
);

CREATE TABLE key_material (
  account BIGINT NOT NULL,
  certificate TEXT NOT NULL,
  private_key BLOB NOT NULL,
  key_password BLOB NOT NULL,
  PRIMARY KEY (account, certificate)
);

-- Stays when the certificate is deleted: a serial number is used once.
CREATE TABLE issuance (
  account BIGINT NOT NULL,
  certificate TEXT NOT NULL,
  generation BIGINT NOT NULL,
  serial_number TEXT NOT NULL,
  issuer TEXT NOT NULL,
  to_be_signed BLOB NOT NULL,
  PRIMARY KEY (account, certificate, generation)
);
CREATE UNIQUE INDEX issuance_serial ON issuance (serial_number);

-- Append-only. Each row's hash covers the one before it.
CREATE TABLE operate_log (
  account BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  type TEXT NOT NULL,
  certificate TEXT NOT NULL,
  actor TEXT NOT NULL,
  remark TEXT NOT NULL,
  time BIGINT NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (account, sequence)
);
CREATE INDEX operate_log_time ON operate_log (account, time, sequence);

-- claimable is the later of due and lease_until.
CREATE TABLE job (
  account BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  certificate TEXT NOT NULL,
  due BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  claimable BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  last_error TEXT NOT NULL,
  PRIMARY KEY (account, certificate, kind)
);
CREATE INDEX job_claimable ON job (claimable);
CREATE INDEX job_leased ON job (lease_until) WHERE lease_until > 0;

CREATE TABLE setting (
  name TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
);
