-- +goose Up

-- The post that has an end, and by which somebody made a way into a class: as for a code, it opens nothing once that is over, before its day too.
ALTER TABLE account_class_door ADD COLUMN post TEXT NOT NULL DEFAULT ''; -- the profile
ALTER TABLE account_class_door ADD COLUMN post_at BIGINT; -- the structure that the post reaches

-- Why a link of contest was ended before its day: 'shut' or 'renewed'; empty for one that was not.
ALTER TABLE account_contest ADD COLUMN spent TEXT NOT NULL DEFAULT '';
