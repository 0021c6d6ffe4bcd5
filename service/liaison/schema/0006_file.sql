-- +goose Up

-- The files of a word, in their order: the names of their bytes in core/blob, and those that people read.
CREATE TABLE liaison_file (
    word_id BIGINT NOT NULL,
    rank    BIGINT NOT NULL, -- from 1 on
    file    BYTEA NOT NULL,
    name    TEXT NOT NULL,   -- with its ending
    kind    TEXT NOT NULL,   -- pdf, text, odt, docx, webm…: see core/attach
    size    BIGINT NOT NULL, -- in bytes
    PRIMARY KEY (word_id, rank)
) CLUSTERED;
CREATE INDEX liaison_file_file ON liaison_file (file);
