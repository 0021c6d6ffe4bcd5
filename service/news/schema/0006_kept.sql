-- +goose Up

-- When what waits for its day was kept back, and why: see core/audience; empty: it was not.
ALTER TABLE news_item ADD COLUMN kept_at BIGINT;
ALTER TABLE news_item ADD COLUMN kept_why TEXT NOT NULL DEFAULT '';
CREATE INDEX news_item_kept ON news_item (kept_at) WHERE kept_at IS NOT NULL;
-- What is about to appear, and what is old.
CREATE INDEX news_item_published ON news_item (published_at);

-- What a school shows is what is not past.
DROP INDEX news_item_school;
CREATE INDEX news_item_school ON news_item (school_id, until_at);
