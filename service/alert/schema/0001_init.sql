-- +goose Up

-- What is told at once in one school.
CREATE TABLE alert_alert (
    id           ROWID_KEY,
    school_id    BIGINT NOT NULL,
    commune_id   BIGINT NOT NULL, -- who tells it; 0: the school itself
    class_id     BIGINT NOT NULL, -- 0: the whole school
    author_id    BIGINT NOT NULL,
    together_id  BIGINT NOT NULL, -- of what was told in several schools at once
    kind         TEXT NOT NULL,
    drill        BOOLEAN NOT NULL,
    circles      TEXT NOT NULL,   -- for whom, parted by spaces: families, team
    published_at BIGINT NOT NULL,
    until_at     BIGINT NOT NULL,
    ended_at     BIGINT,          -- it was said to be over before that
    notice_id    BIGINT NOT NULL  -- what it said last
);
CREATE INDEX alert_alert_school ON alert_alert (school_id, published_at);
CREATE INDEX alert_alert_until ON alert_alert (until_at);
CREATE INDEX alert_alert_together ON alert_alert (together_id);
CREATE INDEX alert_alert_author ON alert_alert (author_id);

-- Each thing that it said.
CREATE TABLE alert_notice (
    id       ROWID_KEY,
    alert_id BIGINT NOT NULL,
    said     TEXT NOT NULL, -- told, amended, ended
    text     TEXT NOT NULL,
    said_by  BIGINT NOT NULL,
    said_at  BIGINT NOT NULL
);
CREATE INDEX alert_notice_alert ON alert_notice (alert_id);
CREATE INDEX alert_notice_said_by ON alert_notice (said_by);

-- Who was told by telephone, and by whom.
CREATE TABLE alert_call (
    alert_id  BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    called_by BIGINT NOT NULL,
    called_at BIGINT NOT NULL,
    PRIMARY KEY (alert_id, person_id)
) CLUSTERED;
CREATE INDEX alert_call_person ON alert_call (person_id);
CREATE INDEX alert_call_called_by ON alert_call (called_by);
CREATE INDEX alert_call_called_at ON alert_call (called_at);
