-- +goose Up

-- When, where, what to bring and to pay, each apart so that pages say it in pictures and in the family's language: JSON, or ''.
ALTER TABLE liaison_word ADD COLUMN facts TEXT NOT NULL DEFAULT '';
ALTER TABLE liaison_version ADD COLUMN facts TEXT NOT NULL DEFAULT '';
