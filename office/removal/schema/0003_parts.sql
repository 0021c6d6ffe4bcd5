-- +goose Up

-- What a case removed, some of it at a time: sealed under the master key.
CREATE TABLE removal_part (
    case_id  BIGINT NOT NULL,
    part     BIGINT NOT NULL, -- from 0 on
    evidence BYTEA NOT NULL,
    taken_at BIGINT NOT NULL,
    put_at   BIGINT,          -- when it was put back; empty: it was not
    PRIMARY KEY (case_id, part)
) CLUSTERED;
CREATE INDEX removal_part_taken ON removal_part (taken_at);
INSERT INTO removal_part (case_id, part, evidence, taken_at) SELECT id, 0, evidence, settled_at FROM removal_case WHERE length(evidence) > 0;
ALTER TABLE removal_case DROP COLUMN evidence;

-- Who agreed that it be put back, as another asked.
ALTER TABLE removal_case ADD COLUMN restored_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE removal_case ADD COLUMN restored_at BIGINT;
