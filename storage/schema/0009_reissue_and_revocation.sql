-- Reissues and revocations.

-- Of a reissue: what it was reissued from, whether that row is gone, and the end it must have. Of
-- that one: its newest reissue. "" where there is none.
ALTER TABLE certificate ADD COLUMN replaced_by TEXT NOT NULL DEFAULT '';
ALTER TABLE certificate ADD COLUMN replaced_for TEXT NOT NULL DEFAULT '';
ALTER TABLE certificate ADD COLUMN is_original_deleted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE certificate ADD COLUMN wanted_end BIGINT;
ALTER TABLE certificate ADD COLUMN issued BIGINT;
CREATE INDEX certificate_reissue ON certificate (account, replaced_by, sequence)
  WHERE replaced_by <> '';
CREATE INDEX certificate_reissue_domain ON certificate (account, registrable_domain, status)
  WHERE replaced_by <> '';

-- The newest request of a certificate. records and files are lists of authorizations, as in the
-- certificate.
CREATE TABLE revocation (
  account BIGINT NOT NULL,
  certificate TEXT NOT NULL,
  reason TEXT NOT NULL,
  requested BIGINT NOT NULL,
  deadline BIGINT,
  records TEXT NOT NULL,
  files TEXT NOT NULL,
  PRIMARY KEY (account, certificate)
);
