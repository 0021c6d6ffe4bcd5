-- +goose Up

-- What somebody answered for a child until they answered something else.
CREATE TABLE liaison_former (
    word_id     BIGINT NOT NULL,
    child_id    BIGINT NOT NULL,
    person_id   BIGINT NOT NULL,
    until_at    BIGINT NOT NULL, -- when the next answer came
    answer      TEXT NOT NULL,   -- as in liaison_answer, and the recording too
    answered_at BIGINT NOT NULL,
    voice       BYTEA,
    voice_kind  TEXT NOT NULL,
    voice_size  BIGINT NOT NULL,
    PRIMARY KEY (word_id, child_id, person_id, until_at)
) CLUSTERED;
CREATE INDEX liaison_former_child ON liaison_former (child_id);
CREATE INDEX liaison_former_person ON liaison_former (person_id);
CREATE INDEX liaison_former_voice ON liaison_former (voice) WHERE voice IS NOT NULL;
