-- +goose Up

-- A word to families.
CREATE TABLE liaison_word (
    id           ROWID_KEY,
    school_id    BIGINT NOT NULL,
    class_id     BIGINT NOT NULL, -- 0: the whole school
    pupil_id     BIGINT NOT NULL, -- of a word to the family of one; else 0
    author_id    BIGINT NOT NULL,
    category     TEXT NOT NULL,
    title        TEXT NOT NULL,
    body         TEXT NOT NULL,   -- safe HTML
    asks         TEXT NOT NULL,   -- read, sign, yes-no, choice, text
    choices      TEXT NOT NULL,   -- of asks = choice, one a line
    each         TEXT NOT NULL,   -- who answers: see audience_address.expects
    due_at       BIGINT,          -- the end of the last day for an answer
    published_at BIGINT NOT NULL,
    amended_at   BIGINT,
    cancelled_at BIGINT,
    cancel_why   TEXT NOT NULL DEFAULT ''
);
CREATE INDEX liaison_word_class ON liaison_word (class_id, published_at);
CREATE INDEX liaison_word_school ON liaison_word (school_id, published_at);
CREATE INDEX liaison_word_pupil ON liaison_word (pupil_id);
CREATE INDEX liaison_word_author ON liaison_word (author_id);

-- What a word said until it was changed.
CREATE TABLE liaison_version (
    word_id  BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    title    TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (word_id, until_at)
) CLUSTERED;

-- What somebody answered for a child. The last answer counts.
CREATE TABLE liaison_answer (
    word_id     BIGINT NOT NULL,
    child_id    BIGINT NOT NULL,
    person_id   BIGINT NOT NULL,
    answer      TEXT NOT NULL, -- "signed", "yes", "no", one of the choices, or a text
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (word_id, child_id, person_id)
) CLUSTERED;
CREATE INDEX liaison_answer_child ON liaison_answer (child_id);
CREATE INDEX liaison_answer_person ON liaison_answer (person_id);
