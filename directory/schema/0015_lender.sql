-- +goose Up

-- Where whoever gives it holds it: the school of a head, or the commune whose agents lend a function over one of its
-- schools, or over all of them when structure_id is the commune too.
ALTER TABLE directory_grant ADD COLUMN lender_id BIGINT NOT NULL DEFAULT 0;
UPDATE directory_grant SET lender_id = structure_id;
