-- +goose Up

-- The figures of a school are columns, no longer JSON: the pages of a pilot read thousands of rows. What was
-- kept is counted again.
DROP TABLE account_deployment;
CREATE TABLE account_deployment (
    school_id    ROWID_KEY,
    counted_at   BIGINT NOT NULL,
    classes      BIGINT NOT NULL,
    attached     BIGINT NOT NULL,
    pupils       BIGINT NOT NULL,
    guardians    BIGINT NOT NULL,
    staff        BIGINT NOT NULL,
    canteen      BIGINT NOT NULL,
    morning_care BIGINT NOT NULL,
    evening_care BIGINT NOT NULL,
    study        BIGINT NOT NULL,
    logins       BIGINT NOT NULL,
    activated    BIGINT NOT NULL
);
