-- The years that a paid order is for (not products 2 and 83, which are free), and its paid time.
ALTER TABLE certificate ADD COLUMN total_years BIGINT NOT NULL DEFAULT 0;
ALTER TABLE certificate ADD COLUMN year BIGINT NOT NULL DEFAULT 1;
ALTER TABLE certificate ADD COLUMN paid_until BIGINT;
UPDATE certificate SET total_years = CASE WHEN validity_months < 12 THEN 1 ELSE validity_months / 12 END
WHERE is_upload = 0 AND package_type IS NOT NULL AND package_type NOT IN (2, 83);
UPDATE certificate SET paid_until = not_before + total_years * 31536000000000 - 1000000
WHERE total_years > 0 AND not_before IS NOT NULL AND not_after IS NOT NULL;
-- The next one of what is issued already (kind 7), 30 days before it ends; also where a revocation
-- runs, which may be given up, and of what has ended and is paid for longer.
INSERT INTO job (account, kind, certificate, due, lease_until, claimable, attempts, last_error)
SELECT account, 7, id, not_after - 2592000000000, 0, not_after - 2592000000000, 0, ''
FROM certificate WHERE status IN (1, 3, 9, 12) AND total_years > 0 AND not_after IS NOT NULL
  AND replaced_by = '' AND renewed_by = '' AND (paid_until > not_after OR (is_auto_renewed = 1 AND status <> 3));
