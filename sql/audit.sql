-- Rows are written by internal/store/note.go, in the statement of what they tell of.

-- name: AuditList :many
-- AuditList gives the rows after one id and before another, oldest first, of one
-- event where one is named.
SELECT a.id::text AS id, a.at, a.event, a.outcome, a.reason, a.via, a.route, a.actor_id, a.session_id, a.user_id,
    a.address, a.user_agent, a.request_id, a.details
FROM sallyport.audit a
WHERE a.id > sqlc.arg(after)::text::uuid AND a.id < sqlc.arg(before)::text::uuid
    AND (sqlc.arg(event)::text = '' OR a.event = sqlc.arg(event)::text)
ORDER BY a.id
LIMIT sqlc.arg(most);

-- name: AuditListOf :many
-- AuditListOf is AuditList of what concerned one user.
SELECT a.id::text AS id, a.at, a.event, a.outcome, a.reason, a.via, a.route, a.actor_id, a.session_id, a.user_id,
    a.address, a.user_agent, a.request_id, a.details
FROM sallyport.audit a
WHERE a.user_id = sqlc.arg(user_id)::text AND a.id > sqlc.arg(after)::text::uuid AND a.id < sqlc.arg(before)::text::uuid
    AND (sqlc.arg(event)::text = '' OR a.event = sqlc.arg(event)::text)
ORDER BY a.id
LIMIT sqlc.arg(most);

-- name: AuditBeforeLast :one
-- AuditBeforeLast gives the id that stands before the last rows: so many of them
-- come after it.
SELECT a.id::text AS id FROM sallyport.audit a ORDER BY a.id DESC OFFSET sqlc.arg(most) LIMIT 1;

-- name: SweepAudit :execrows
-- SweepAudit deletes rows older than an id.
DELETE FROM sallyport.audit WHERE id = ANY (ARRAY(
    SELECT a.id FROM sallyport.audit a WHERE a.id < sqlc.arg(before)::text::uuid
    ORDER BY a.id LIMIT sqlc.arg(most) FOR UPDATE SKIP LOCKED));
