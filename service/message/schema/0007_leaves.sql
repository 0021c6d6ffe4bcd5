-- +goose Up

-- When what was written to leave later does; empty of what was said as it was written.
ALTER TABLE message_thread ADD COLUMN leaves_at BIGINT;
CREATE INDEX message_thread_leaves ON message_thread (leaves_at) WHERE leaves_at IS NOT NULL;
-- An identifier has the milliseconds, since 2024-01-01, of when it was made.
UPDATE message_thread SET leaves_at = begun_at WHERE begun_at = last_at AND begun_at > (id >> 21) + 1704067200000;
