-- +goose Up

-- How many things, or changes, of a case go in one transaction: the case is cut in the same way until all of it is gone,
-- whatever later versions take at once. Those that were asked before were cut by a hundred.
ALTER TABLE removal_case ADD COLUMN portion BIGINT NOT NULL DEFAULT 100;
