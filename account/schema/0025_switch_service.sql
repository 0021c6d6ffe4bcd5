-- +goose Up

-- A switch is about all that one writes, or about one service ('liaison').
CREATE TABLE account_switched (
    school_id BIGINT NOT NULL,
    profile   TEXT NOT NULL,
    service   TEXT NOT NULL, -- '': all of them
    set_by    BIGINT NOT NULL,
    set_at    BIGINT NOT NULL,
    reason    TEXT NOT NULL,
    PRIMARY KEY (school_id, profile, service)
) CLUSTERED;
INSERT INTO account_switched (school_id, profile, service, set_by, set_at, reason)
    SELECT school_id, profile, '', set_by, set_at, reason FROM account_switch;
DROP TABLE account_switch;
ALTER TABLE account_switched RENAME TO account_switch;
