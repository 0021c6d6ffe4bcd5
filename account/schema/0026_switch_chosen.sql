-- +goose Up

-- A service in which nothing new is written was stopped in an emergency, or is one that a school chose to work without.
CREATE TABLE account_switched (
    school_id BIGINT NOT NULL,
    profile   TEXT NOT NULL,
    service   TEXT NOT NULL, -- '': all of them
    chosen    BOOLEAN NOT NULL,
    set_by    BIGINT NOT NULL,
    set_at    BIGINT NOT NULL,
    reason    TEXT NOT NULL,
    PRIMARY KEY (school_id, profile, service, chosen)
) CLUSTERED;
INSERT INTO account_switched (school_id, profile, service, chosen, set_by, set_at, reason)
    SELECT school_id, profile, service, service <> '', set_by, set_at, reason FROM account_switch;
DROP TABLE account_switch;
ALTER TABLE account_switched RENAME TO account_switch;
