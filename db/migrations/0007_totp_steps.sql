-- +goose Up
-- The last step of time (RFC 6238) whose code was taken, by the row of its secret:
-- codes of this step and of those before it have ended. After ends_at none of them
-- would be taken anyway.
CREATE TABLE sallyport.totp_step (
    two_factor text PRIMARY KEY,
    began timestamptz NOT NULL,
    ends_at timestamptz NOT NULL
);
CREATE INDEX totp_step_ends_at ON sallyport.totp_step (ends_at);

-- +goose Down
DROP TABLE sallyport.totp_step;
