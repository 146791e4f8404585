-- name: ThrottleReserve :one
-- ThrottleReserve counts a try as a failure before anybody knows, if the counter
-- for the account and the address lets it: pauses[n] is for how many seconds after
-- the last of n tries none follows. It tells the counter as it was found.
WITH counter AS (
    SELECT CASE WHEN EXISTS (
        SELECT 1 FROM sallyport.known_address k WHERE k.address = ANY (sqlc.arg(addresses)::bytea[]) AND k.seen_at > sqlc.arg(seen_since)
    ) THEN sqlc.arg(address)::bytea ELSE ''::bytea END AS address
), granted AS (
    INSERT INTO sallyport.attempt AS a (account, address, tried_at, open, open_until, expires_at)
    SELECT sqlc.arg(account), c.address, ARRAY[sqlc.arg(now)::timestamptz], 1, sqlc.arg(open_until), sqlc.arg(expires_at) FROM counter c
    ON CONFLICT (account, address) DO UPDATE SET
        tried_at = ARRAY(
            SELECT t FROM unnest(a.tried_at) AS t WHERE t > sqlc.arg(since)::timestamptz AND t <= sqlc.arg(farthest)::timestamptz
        ) || sqlc.arg(now)::timestamptz,
        open = CASE WHEN a.open_until > sqlc.arg(now)::timestamptz THEN a.open + 1 ELSE 1 END,
        open_until = excluded.open_until,
        expires_at = excluded.expires_at
    WHERE coalesce((
        -- A time ahead of ours is another instance's clock; one beyond the farthest
        -- is a mistake, and would shut the account for as long as it lies ahead.
        SELECT least(max(t), sqlc.arg(now)::timestamptz)
            + (sqlc.arg(pauses)::float8[])[least(count(*), cardinality(sqlc.arg(pauses)::float8[]))] * interval '1 second'
        FROM unnest(a.tried_at) AS t WHERE t > sqlc.arg(since)::timestamptz AND t <= sqlc.arg(farthest)::timestamptz
    ), sqlc.arg(now)::timestamptz) <= sqlc.arg(now)::timestamptz
    RETURNING 1
)
SELECT c.address::bytea AS address, EXISTS (SELECT 1 FROM granted) AS granted, f.tried_at, f.open, f.open_until
FROM counter c LEFT JOIN sallyport.attempt f ON f.account = sqlc.arg(account) AND f.address = c.address;

-- name: ThrottleFailed :exec
-- ThrottleFailed notes that a try was wrong: it stays counted.
UPDATE sallyport.attempt SET open = open - 1
WHERE account = sqlc.arg(account) AND address = sqlc.arg(address) AND open > 0;

-- name: ThrottleGiveBack :exec
-- ThrottleGiveBack takes back the count of a try that was never made.
UPDATE sallyport.attempt AS a SET
    open = greatest(a.open - 1, 0),
    tried_at = a.tried_at[:array_position(a.tried_at, sqlc.arg(at)::timestamptz) - 1]
        || a.tried_at[array_position(a.tried_at, sqlc.arg(at)::timestamptz) + 1:]
WHERE a.account = sqlc.arg(account) AND a.address = sqlc.arg(address) AND sqlc.arg(at)::timestamptz = ANY (a.tried_at);

-- name: ThrottleReset :exec
-- ThrottleReset forgets one counter of an account.
DELETE FROM sallyport.attempt WHERE account = sqlc.arg(account) AND address = sqlc.arg(address);

-- name: ThrottleResetAccount :exec
-- ThrottleResetAccount forgets every counter of an account, whichever secret it was counted under.
DELETE FROM sallyport.attempt WHERE account = ANY (sqlc.arg(accounts)::bytea[]);

-- name: ThrottleAdopt :exec
-- ThrottleAdopt moves the counters of an account, for an address and for all those
-- that are not known, from fingerprints under older secrets to those under the
-- current one.
WITH older AS (
    DELETE FROM sallyport.attempt AS a
    WHERE a.account = ANY (sqlc.arg(accounts)::bytea[]) AND (a.address = ''::bytea OR a.address = ANY (sqlc.arg(addresses)::bytea[]))
    RETURNING a.address, a.tried_at, a.open, a.open_until, a.expires_at
)
INSERT INTO sallyport.attempt (account, address, tried_at, open, open_until, expires_at)
SELECT sqlc.arg(account)::bytea, CASE WHEN o.address = ''::bytea THEN o.address ELSE sqlc.arg(address)::bytea END,
    o.tried_at, o.open, o.open_until, o.expires_at
FROM older o ON CONFLICT DO NOTHING;
