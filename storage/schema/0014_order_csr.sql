-- Which order an applicant's own request serves, by the request's SHA-256: one request, one order.
CREATE TABLE order_csr (
  account BIGINT NOT NULL,
  digest BLOB NOT NULL,
  certificate_id TEXT NOT NULL,
  PRIMARY KEY (account, digest)
);
CREATE INDEX order_csr_certificate ON order_csr (account, certificate_id);

-- AutoRenewFlag, as it was submitted.
ALTER TABLE certificate ADD COLUMN is_auto_renewed BIGINT NOT NULL DEFAULT 0;
