-- +goose Up

-- To whom the things of the rooms are addressed: one row for each audience of a thing, whatever the number of
-- people whom it reaches. The key is what "what is new for me" reads.
CREATE TABLE audience_address (
    audience     TEXT NOT NULL,   -- class:123:families
    published_at BIGINT NOT NULL, -- later than now: it is not there yet
    thing_id     BIGINT NOT NULL,
    room         TEXT NOT NULL,
    school_id    BIGINT NOT NULL, -- whose it is; 0: of no school
    subject_id   BIGINT NOT NULL, -- of an audience about one person: that person; 0: of several
    news_until_at BIGINT NOT NULL, -- from when on it is no news any more; it stays readable
    expects      TEXT NOT NULL,   -- who is to answer: each person, one person a child, or nobody
    due_at       BIGINT,          -- until when
    PRIMARY KEY (audience, published_at, thing_id)
) CLUSTERED;
CREATE INDEX audience_address_thing ON audience_address (thing_id);
CREATE INDEX audience_address_subject ON audience_address (subject_id);

-- Who has read a thing, and done what it expects, for which child. Written when it happens.
CREATE TABLE audience_receipt (
    thing_id  BIGINT NOT NULL,
    child_id  BIGINT NOT NULL, -- 0: of who holds the audience for no child
    person_id BIGINT NOT NULL,
    read_at   BIGINT,          -- empty: not since the thing was changed
    done_at   BIGINT,
    PRIMARY KEY (thing_id, child_id, person_id)
) CLUSTERED;
CREATE INDEX audience_receipt_person ON audience_receipt (person_id);
CREATE INDEX audience_receipt_child ON audience_receipt (child_id);
