-- +goose Up

-- When an item was first put on the public page, whatever became of it since; empty: it never was.
ALTER TABLE news_item ADD COLUMN posted_at BIGINT;
UPDATE news_item SET posted_at = public_at;
