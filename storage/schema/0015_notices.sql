-- Notices before what is stored already ends (kind 6, the first one 29 days before).
INSERT INTO job (account, kind, certificate, due, lease_until, claimable, attempts, last_error)
SELECT account, 6, id, not_after - 2505600000000, 0, not_after - 2505600000000, 0, ''
FROM certificate WHERE status = 1 AND not_after IS NOT NULL;
