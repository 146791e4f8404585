-- +goose Up
-- The audit log: who did what to whom, when, from where, and what came of it.
-- Rows are only added, and deleted when they are older than the retention. An
-- id holds its time and sorts by it. Ids of users and sessions refer to nothing:
-- what is gone stays in the log.
CREATE TABLE sallyport.audit (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    event text NOT NULL,
    outcome text NOT NULL,
    reason text,
    via text NOT NULL,
    route text,
    actor_id text,
    session_id text,
    user_id text,
    address text,
    user_agent text,
    request_id text,
    details jsonb NOT NULL
);
-- Rows about nobody are in it too, so that the failed sign-in of an unknown
-- address is as much work as that of a known one.
CREATE INDEX audit_user_id ON sallyport.audit (user_id, id);

-- +goose Down
DROP TABLE sallyport.audit;
