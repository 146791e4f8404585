-- name: MailKeep :exec
-- The job is written as River itself would write it, in the statement that
-- writes the message: one round trip more for a request that sends something.
WITH kept AS (
    INSERT INTO sallyport.message (id, sealed, created_at) VALUES (@id, @sealed, @created_at)
)
INSERT INTO sallyport.river_job (args, kind, queue, max_attempts)
VALUES (jsonb_build_object('message', @id::text), @kind, @queue, @max_attempts);

-- name: MailOpen :one
SELECT sealed, created_at FROM sallyport.message WHERE id = $1;

-- name: MailDelete :execrows
DELETE FROM sallyport.message WHERE id = $1;

-- name: MailDeleteOld :execrows
DELETE FROM sallyport.message WHERE id = ANY(ARRAY(SELECT m.id FROM sallyport.message m WHERE m.created_at < $1 ORDER BY m.created_at LIMIT $2));

-- name: MailWaiting :many
SELECT m.id, m.sealed, m.created_at
FROM sallyport.message m JOIN sallyport.river_job j ON j.args ->> 'message' = m.id
ORDER BY j.id
LIMIT $1;

-- name: MailState :one
-- A job that was given up is discarded, and stays for the operator to see.
SELECT count(*) AS waiting, coalesce(min(created_at), @at::timestamptz)::timestamptz AS oldest,
    (SELECT count(*) FROM sallyport.river_job WHERE state = 'discarded' AND queue = @queue) AS given_up
FROM sallyport.message;
