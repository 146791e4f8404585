-- +goose Up
-- Messages whose jobs were lost are found by their age, and those that wait are counted
-- without what they say.
CREATE INDEX message_created_at ON sallyport.message (created_at);

-- +goose Down
DROP INDEX sallyport.message_created_at;
