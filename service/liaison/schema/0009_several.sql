-- +goose Up

-- The classes and groups of a word that is for several of them: its own class is 0, as that of a word to the whole school.
CREATE TABLE liaison_class (
    word_id  BIGINT NOT NULL,
    class_id BIGINT NOT NULL,
    PRIMARY KEY (word_id, class_id)
) CLUSTERED;
CREATE INDEX liaison_class_class ON liaison_class (class_id);

-- When families who have still to answer were last reminded.
ALTER TABLE liaison_word ADD COLUMN reminded_at BIGINT;
