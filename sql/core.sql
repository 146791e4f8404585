-- name: CoreBeginRefresh :execrows
-- CoreBeginRefresh makes an attempt the one that renews the tokens of an account. It
-- touches no row while another attempt is at it, unless that has lasted too long.
INSERT INTO sallyport.token_refresh AS r (account, attempt, failed, ends_at)
VALUES (sqlc.arg(account), sqlc.arg(attempt), false, sqlc.arg(ends_at))
ON CONFLICT (account) DO UPDATE SET attempt = excluded.attempt, failed = false, ends_at = excluded.ends_at
WHERE r.failed OR r.ends_at <= sqlc.arg(now);

-- name: CoreRefreshAttempt :one
SELECT attempt, failed, ends_at FROM sallyport.token_refresh WHERE account = sqlc.arg(account);

-- name: CoreFailRefresh :exec
-- CoreFailRefresh tells those who wait for an attempt that it has come to nothing.
UPDATE sallyport.token_refresh SET failed = true WHERE account = sqlc.arg(account) AND attempt = sqlc.arg(attempt);

-- name: CoreEndRefresh :exec
DELETE FROM sallyport.token_refresh WHERE account = sqlc.arg(account) AND attempt = sqlc.arg(attempt);

-- name: CoreSweepRefreshes :execrows
-- CoreSweepRefreshes deletes attempts that ended before a time.
DELETE FROM sallyport.token_refresh WHERE account = ANY (ARRAY(
    SELECT r.account FROM sallyport.token_refresh r WHERE r.ends_at <= sqlc.arg(before)
    ORDER BY r.ends_at LIMIT sqlc.arg(most) FOR UPDATE SKIP LOCKED));
