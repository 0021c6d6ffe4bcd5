-- +goose Up

-- The logins of two people whom a human made one. One of them is the person's; the other, if there is one,
-- is kept closed under gone_id, so that an undoing gives each their own again.
CREATE TABLE account_merge (
    gone_id          ROWID_KEY,
    kept_id          BIGINT NOT NULL,
    merged_at        BIGINT NOT NULL,
    crossed          BOOLEAN NOT NULL, -- the login of gone_id is the person's now
    kept_disabled_at BIGINT, -- before
    gone_disabled_at BIGINT
);
CREATE INDEX account_merge_kept ON account_merge (kept_id);
CREATE INDEX account_merge_merged ON account_merge (merged_at);
