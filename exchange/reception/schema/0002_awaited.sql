-- +goose Up

-- What a delivery that follows a gap waits for: days, 2026-09-01; empty: nothing is missing.
ALTER TABLE reception_arrival ADD COLUMN expected TEXT NOT NULL DEFAULT '';
ALTER TABLE reception_arrival ADD COLUMN after_day TEXT NOT NULL DEFAULT ''; -- of the last that was applied

-- Why the last try failed: space, database, other; empty: it did not.
ALTER TABLE reception_arrival ADD COLUMN trouble TEXT NOT NULL DEFAULT '';
