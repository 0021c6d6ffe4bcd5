-- +goose Up

-- What a head lends: a function of theirs, over the class or, without one, over the whole school.
ALTER TABLE directory_grant ADD COLUMN function TEXT NOT NULL DEFAULT '';
