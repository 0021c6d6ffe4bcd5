-- +goose Up

-- The photos of a word, in their order: the names of their files in core/blob.
CREATE TABLE liaison_photo (
    word_id        BIGINT NOT NULL,
    rank           BIGINT NOT NULL, -- from 1 on
    whole          BYTEA NOT NULL,
    preview        BYTEA NOT NULL,
    width          BIGINT NOT NULL, -- of the whole, in pixels
    height         BIGINT NOT NULL,
    preview_width  BIGINT NOT NULL,
    preview_height BIGINT NOT NULL,
    PRIMARY KEY (word_id, rank)
) CLUSTERED;
CREATE INDEX liaison_photo_whole ON liaison_photo (whole);
CREATE INDEX liaison_photo_preview ON liaison_photo (preview);
