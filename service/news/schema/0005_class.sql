-- +goose Up

-- For one class or group of the school; 0: for the whole school.
ALTER TABLE news_item ADD COLUMN class_id BIGINT NOT NULL DEFAULT 0;
