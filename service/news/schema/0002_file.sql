-- +goose Up

-- The files of an item, in their order: the names of their bytes in core/blob, and those that people read.
CREATE TABLE news_file (
    item_id BIGINT NOT NULL,
    rank    BIGINT NOT NULL, -- from 1 on
    file    BYTEA NOT NULL,
    name    TEXT NOT NULL,   -- with its ending
    kind    TEXT NOT NULL,   -- pdf, text, odt, docx, webm…: see core/attach
    size    BIGINT NOT NULL, -- in bytes
    PRIMARY KEY (item_id, rank)
) CLUSTERED;
CREATE INDEX news_file_file ON news_file (file);
