-- +goose Up

-- Somebody asks that what an account sent be taken back, and what became of it.
CREATE TABLE removal_case (
    id         ROWID_KEY,
    school_id  BIGINT NOT NULL, -- where it was sent; 0: everywhere
    account_id BIGINT NOT NULL, -- whose account it is; 0: somebody who was erased
    since_at   BIGINT NOT NULL,
    until_at   BIGINT,          -- empty: no end
    words      TEXT NOT NULL,   -- that were looked for
    things     TEXT NOT NULL,   -- their identifiers, parted by spaces
    why        TEXT NOT NULL,
    asked_by   BIGINT NOT NULL,
    asked_at   BIGINT NOT NULL,
    outcome    TEXT NOT NULL,   -- empty: it waits; removed, declined, withdrawn, restored
    settled_by BIGINT NOT NULL,
    settled_at BIGINT,
    answer     TEXT NOT NULL,   -- why it was declined
    removed    BIGINT NOT NULL, -- how many things were
    undone_by  BIGINT NOT NULL,
    undone_at  BIGINT,
    evidence   BYTEA NOT NULL   -- what was removed, sealed under the master key; empty: nothing is kept
);
CREATE INDEX removal_case_school ON removal_case (school_id, asked_at);
CREATE INDEX removal_case_outcome ON removal_case (outcome);

-- The names of the files, in core/blob, of what was removed.
CREATE TABLE removal_file (
    case_id    BIGINT NOT NULL,
    file       BYTEA NOT NULL,
    removed_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, file)
) CLUSTERED;
CREATE INDEX removal_file_file ON removal_file (file);
