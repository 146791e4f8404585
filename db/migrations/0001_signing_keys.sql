-- +goose Up
-- A signing key is published at once but signs only from signs_from on, so that
-- verifiers have seen it by then. A key without a row signs at once.
CREATE TABLE sallyport.key_activation (
    kid text PRIMARY KEY,
    signs_from timestamptz NOT NULL
);

-- Whoever makes a key writes its row here first and so holds it until the
-- transaction ends: several instances that see the same need make one key.
CREATE TABLE sallyport.key_rotation (
    name text PRIMARY KEY,
    rotated_at timestamptz NOT NULL
);

-- +goose Down
DROP TABLE sallyport.key_rotation;
DROP TABLE sallyport.key_activation;
