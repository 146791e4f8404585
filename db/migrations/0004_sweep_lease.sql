-- +goose Up
-- One instance at a time deletes what has expired: whoever writes the row here,
-- until the time in it. A holder that is gone lets it run out.
CREATE TABLE sallyport.sweep_lease (
    name text PRIMARY KEY,
    holder text NOT NULL,
    held_until timestamptz NOT NULL
);

-- +goose Down
DROP TABLE sallyport.sweep_lease;
