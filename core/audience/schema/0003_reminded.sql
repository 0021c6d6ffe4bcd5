-- +goose Up

-- When those who have still to answer a thing were reminded of it last, by who published it.
ALTER TABLE audience_address ADD COLUMN reminded_at BIGINT;
