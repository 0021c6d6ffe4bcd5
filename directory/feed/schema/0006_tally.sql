-- +goose Up

-- Its troubles are added up in feed_tally: those that were applied before are, with the next one.
ALTER TABLE feed_delivery ADD COLUMN tallied BOOLEAN NOT NULL DEFAULT FALSE;

-- The troubles of a delivery added up, as the rectorat follows them from one to the next.
CREATE TABLE feed_tally (
    feed_id   BIGINT NOT NULL,
    school_id BIGINT NOT NULL, -- 0: not known
    tool      TEXT NOT NULL, -- where they are put right: onde, ramsese, agape, agents, extraction
    kind      TEXT NOT NULL,
    attribute TEXT NOT NULL, -- of a composite, which says what is wrong; else empty
    total     BIGINT NOT NULL,
    fresh     BIGINT NOT NULL, -- that the complete delivery before had not
    gone      BIGINT NOT NULL, -- that it had, and this one has not
    PRIMARY KEY (feed_id, school_id, tool, kind, attribute)
) CLUSTERED;

-- How many records of a complete delivery are about each school.
CREATE TABLE feed_extent (
    feed_id   BIGINT NOT NULL,
    school_id BIGINT NOT NULL, -- 0: not known
    records   BIGINT NOT NULL,
    PRIMARY KEY (feed_id, school_id)
) CLUSTERED;
