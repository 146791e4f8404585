-- +goose Up
-- Tries to prove by a password or a code to be somebody, by whom and where
-- from. Both are fingerprints (HMAC), and address is empty in the counter that
-- all strangers share. tried_at holds the failures of the last minutes and the
-- tries whose outcome is open. What is lost in a crash lets a few more tries
-- through, so the table is kept out of the write-ahead log.
CREATE UNLOGGED TABLE sallyport.attempt (
    account bytea NOT NULL,
    address bytea NOT NULL,
    tried_at timestamptz[] NOT NULL,
    open integer NOT NULL,
    open_until timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (account, address)
);
CREATE INDEX attempt_expires_at ON sallyport.attempt (expires_at);

-- Where accounts have signed in from: a fingerprint of account and address.
CREATE TABLE sallyport.known_address (
    address bytea PRIMARY KEY,
    seen_at timestamptz NOT NULL
);
CREATE INDEX known_address_seen_at ON sallyport.known_address (seen_at);

-- +goose Down
DROP TABLE sallyport.known_address;
DROP TABLE sallyport.attempt;
