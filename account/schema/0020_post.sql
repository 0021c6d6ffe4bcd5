-- +goose Up

-- The post that has an end, and by which somebody handed a code out; it opens nothing once that is over, before its day too. Empty and null for
-- who may by a loan, or by a post without an end.
ALTER TABLE account_code ADD COLUMN post TEXT NOT NULL DEFAULT ''; -- the profile
ALTER TABLE account_code ADD COLUMN post_at BIGINT; -- the structure that the post reaches
