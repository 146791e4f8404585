-- +goose Up
-- A mailed link that has proven an address, by the SHA-256 of its token: it
-- signs nobody in again. After expires_at the token itself has ended.
CREATE TABLE sallyport.used_link (
    hash bytea PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
CREATE INDEX used_link_expires_at ON sallyport.used_link (expires_at);

-- The last change of a user's password or address: links mailed until then
-- change nothing and sign nobody in. After expires_at they have all ended.
CREATE TABLE sallyport.link_cutoff (
    user_id text PRIMARY KEY,
    issued_until timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX link_cutoff_expires_at ON sallyport.link_cutoff (expires_at);

-- +goose Down
DROP TABLE sallyport.link_cutoff;
DROP TABLE sallyport.used_link;
