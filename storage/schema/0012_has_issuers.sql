-- Whether any certificate above the leaf is stored, so that lists need no body to know it.
ALTER TABLE certificate ADD COLUMN has_issuers BIGINT NOT NULL DEFAULT 0;
UPDATE certificate SET has_issuers = 1 WHERE EXISTS (
  SELECT 1 FROM certificate_body b JOIN chain c ON c.account = b.account AND c.digest = b.chain_digest
  WHERE b.account = certificate.account AND b.certificate = certificate.id AND
    (length(c.chain_der) > 0 OR length(c.root_der) > 0)
);
