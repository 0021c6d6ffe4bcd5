-- +goose Up

-- The loan under which somebody handed a code out; it opens nothing once that is over. Null for who may by themselves.
ALTER TABLE account_code ADD COLUMN grant_id BIGINT;
CREATE INDEX account_code_grant ON account_code (grant_id) WHERE grant_id IS NOT NULL;
