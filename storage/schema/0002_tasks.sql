-- Certificates by their content, whether uploaded or issued here.
CREATE INDEX certificate_fingerprint ON certificate (account, fingerprint_sha1, sequence)
  WHERE fingerprint_sha1 <> '';
