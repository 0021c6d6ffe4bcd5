-- +goose Up

-- For every school of this RPI, and not for the one that tells it alone; 0: of none.
ALTER TABLE news_item ADD COLUMN rpi_id BIGINT NOT NULL DEFAULT 0;
