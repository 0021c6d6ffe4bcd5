-- +goose Up

-- What a school, or a commune, tells.
CREATE TABLE news_item (
    id             ROWID_KEY,
    school_id      BIGINT NOT NULL, -- for which school; 0: every school of the commune
    commune_id     BIGINT NOT NULL, -- who tells it; 0: the school itself
    author_id      BIGINT NOT NULL,
    circles        TEXT NOT NULL,   -- for whom, parted by spaces: families, pupils, team
    title          TEXT NOT NULL,
    body           TEXT NOT NULL,   -- safe HTML
    event_at       BIGINT,          -- when it takes place: an hour, or the beginning of a day
    event_until_at BIGINT,          -- the end of its last day
    event_timed    BOOLEAN NOT NULL,
    event_place    TEXT NOT NULL,
    published_at   BIGINT NOT NULL, -- later than now: it is scheduled
    shown_until_at BIGINT,          -- the end of the last day that was chosen
    until_at       BIGINT NOT NULL, -- from when on it is past
    front          BOOLEAN NOT NULL,
    public_at      BIGINT,          -- since when it is on the public page
    faceless_at    BIGINT,          -- when somebody declared that no child can be recognised on its photos
    faceless_by    BIGINT NOT NULL,
    amended_at     BIGINT,
    removed_at     BIGINT
);
CREATE INDEX news_item_school ON news_item (school_id, published_at);
CREATE INDEX news_item_commune ON news_item (commune_id, published_at);
CREATE INDEX news_item_author ON news_item (author_id);
CREATE INDEX news_item_until ON news_item (until_at);

-- The photos of an item, in their order: the names of their files in core/blob.
CREATE TABLE news_photo (
    item_id        BIGINT NOT NULL,
    rank           BIGINT NOT NULL, -- from 1 on
    whole          BYTEA NOT NULL,
    preview        BYTEA NOT NULL,
    width          BIGINT NOT NULL, -- of the whole, in pixels
    height         BIGINT NOT NULL,
    preview_width  BIGINT NOT NULL,
    preview_height BIGINT NOT NULL,
    PRIMARY KEY (item_id, rank)
) CLUSTERED;
CREATE INDEX news_photo_whole ON news_photo (whole);
CREATE INDEX news_photo_preview ON news_photo (preview);

-- The schools whose head has opened their public page.
CREATE TABLE news_page (
    school_id BIGINT NOT NULL PRIMARY KEY,
    opened_at BIGINT NOT NULL,
    opened_by BIGINT NOT NULL,
    listed    BOOLEAN NOT NULL -- by search engines
) CLUSTERED;
