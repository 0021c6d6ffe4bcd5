-- +goose Up

-- The records that are one with somebody's are looked for with each of their conversations.
CREATE INDEX directory_merge_kept ON directory_merge (kept_id);
