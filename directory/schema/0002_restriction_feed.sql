-- +goose Up

-- The delivery that carried a restriction over to a guardian's new key; 0: a human recorded it.
ALTER TABLE directory_restriction ADD COLUMN feed_id BIGINT NOT NULL DEFAULT 0;
