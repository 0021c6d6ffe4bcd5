-- +goose Up

-- What a human merged, and who it was: it can be undone for a month.
CREATE TABLE directory_merge_act (
    id        ROWID_KEY,
    kept_id   BIGINT NOT NULL,
    gone_id   BIGINT NOT NULL,
    made_at   BIGINT NOT NULL,
    made_by   BIGINT NOT NULL DEFAULT 0,
    images    BIGINT NOT NULL DEFAULT 0, -- how many there are: one that is missing was erased
    undone_at BIGINT,
    undone_by BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX directory_merge_act_kept ON directory_merge_act (kept_id);
CREATE INDEX directory_merge_act_gone ON directory_merge_act (gone_id);
CREATE INDEX directory_merge_act_made ON directory_merge_act (made_at);

-- The rows about the two people as they were before the merge, and those that the merge made.
CREATE TABLE directory_merge_image (
    merge_id   BIGINT NOT NULL,
    rank       BIGINT NOT NULL,
    of_table   TEXT NOT NULL,
    subject_id BIGINT NOT NULL, -- whom it was about
    kept_id    BIGINT NOT NULL, -- whom it is about now
    made_at    BIGINT NOT NULL,
    made       BOOLEAN NOT NULL DEFAULT FALSE, -- by the merge: undoing it removes the row
    before     TEXT NOT NULL, -- JSON
    PRIMARY KEY (merge_id, rank)
) CLUSTERED;
CREATE INDEX directory_merge_image_subject ON directory_merge_image (subject_id);
CREATE INDEX directory_merge_image_kept ON directory_merge_image (kept_id);
CREATE INDEX directory_merge_image_made ON directory_merge_image (made_at);
