-- +goose Up

-- When the last message that counts had left: none that left before it counts after it.
ALTER TABLE notify_bounce ADD COLUMN sent_at BIGINT NOT NULL DEFAULT 0;
