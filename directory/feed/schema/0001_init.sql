-- +goose Up

-- An académie that delivers.
CREATE TABLE feed_source (
    id       ROWID_KEY,
    kind     TEXT NOT NULL, -- aaf
    academy  TEXT NOT NULL,
    degree   TEXT NOT NULL, -- 1D
    prefix   TEXT NOT NULL, -- of its last files
    revision BIGINT NOT NULL, -- grows whenever what it feeds is written
    UNIQUE (kind, academy, degree)
);

CREATE TABLE feed_delivery (
    id         ROWID_KEY,
    source_id  BIGINT NOT NULL,
    name       TEXT NOT NULL,
    mode       TEXT NOT NULL,
    day        TEXT NOT NULL, -- 2026-09-01
    state      TEXT NOT NULL, -- applied, refused, undone
    refusal    TEXT NOT NULL, -- why, for the operator
    counts     TEXT NOT NULL, -- JSON
    warnings   BIGINT NOT NULL,
    fed_at     BIGINT NOT NULL,
    fed_by     BIGINT NOT NULL,
    millis     BIGINT NOT NULL,
    undone_at  BIGINT
);

CREATE TABLE feed_trouble (
    feed_id   BIGINT NOT NULL,
    rank      BIGINT NOT NULL,
    kind      TEXT NOT NULL,
    action    TEXT NOT NULL, -- rejected, ignored, kept
    file      TEXT NOT NULL,
    record    BIGINT NOT NULL,
    line      BIGINT NOT NULL,
    category  TEXT NOT NULL,
    jointure  BIGINT NOT NULL,
    attribute TEXT NOT NULL,
    count     BIGINT NOT NULL,
    school_id BIGINT NOT NULL, -- 0: not known
    PRIMARY KEY (feed_id, rank)
) CLUSTERED;

-- A school whose departures wait for a decision.
CREATE TABLE feed_hold (
    feed_id    BIGINT NOT NULL,
    school_id  BIGINT NOT NULL,
    people     BIGINT NOT NULL,
    population BIGINT NOT NULL,
    state      TEXT NOT NULL, -- waiting, accepted, superseded
    decided_at BIGINT,
    decided_by BIGINT NOT NULL,
    PRIMARY KEY (feed_id, school_id)
) CLUSTERED;

CREATE TABLE feed_held (
    feed_id   BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    category  TEXT NOT NULL,
    jointure  BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    PRIMARY KEY (feed_id, school_id, category, jointure)
) CLUSTERED;
CREATE INDEX feed_held_person ON feed_held (person_id);

-- Rows as they were before a delivery overwrote them.
CREATE TABLE feed_image (
    feed_id  BIGINT NOT NULL,
    rank     BIGINT NOT NULL,
    of_table   TEXT NOT NULL,
    subject_id BIGINT NOT NULL, -- whom it is about; 0: nobody
    made_at    BIGINT NOT NULL,
    before     TEXT NOT NULL, -- JSON
    PRIMARY KEY (feed_id, rank)
) CLUSTERED;
CREATE INDEX feed_image_subject ON feed_image (subject_id);
CREATE INDEX feed_image_made ON feed_image (made_at);
