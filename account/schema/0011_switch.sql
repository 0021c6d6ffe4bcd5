-- +goose Up

-- What is shut until somebody opens it again: of a school, or of the whole project (0), for a profile or for all ('').
CREATE TABLE account_switch (
    school_id BIGINT NOT NULL,
    profile   TEXT NOT NULL,
    set_by    BIGINT NOT NULL,
    set_at    BIGINT NOT NULL,
    reason    TEXT NOT NULL,
    PRIMARY KEY (school_id, profile)
) CLUSTERED;
