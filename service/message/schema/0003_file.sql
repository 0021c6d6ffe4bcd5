-- +goose Up

-- The files of a post, in their order: the names of their bytes in core/blob, and those that people read.
CREATE TABLE message_file (
    post_id BIGINT NOT NULL,
    rank    BIGINT NOT NULL, -- from 1 on
    file    BYTEA NOT NULL,
    name    TEXT NOT NULL,   -- with its ending
    kind    TEXT NOT NULL,   -- pdf, text, odt, docx, webm…: see core/attach
    size    BIGINT NOT NULL, -- in bytes
    PRIMARY KEY (post_id, rank)
) CLUSTERED;
CREATE INDEX message_file_file ON message_file (file);
