-- +goose Up

-- Who asked for a merge, of themself, where somebody else decided it: they undo it too.
ALTER TABLE directory_merge_act ADD COLUMN asked_by BIGINT NOT NULL DEFAULT 0;
