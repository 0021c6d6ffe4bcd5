-- +goose Up

-- When what was written to appear later does; empty of what appeared as it was written.
ALTER TABLE news_item ADD COLUMN leaves_at BIGINT;
CREATE INDEX news_item_leaves ON news_item (leaves_at) WHERE leaves_at IS NOT NULL;
-- An identifier has the milliseconds, since 2024-01-01, of when it was made.
UPDATE news_item SET leaves_at = published_at WHERE published_at > (id >> 21) + 1704067200000;
