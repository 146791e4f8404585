-- +goose Up
-- Who renews the tokens of an account at its provider right now, so that one
-- refresh token is used once: by the account, with the id of the attempt and
-- whether the provider has refused it. After ends_at whoever began it is gone.
CREATE TABLE sallyport.token_refresh (
    account text PRIMARY KEY,
    attempt text NOT NULL,
    failed boolean NOT NULL DEFAULT false,
    ends_at timestamptz NOT NULL
);
CREATE INDEX token_refresh_ends_at ON sallyport.token_refresh (ends_at);

-- +goose Down
DROP TABLE sallyport.token_refresh;
