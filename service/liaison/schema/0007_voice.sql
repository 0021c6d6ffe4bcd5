-- +goose Up

-- An answer in one's own words, and what a family tells the school, may be said aloud: the name of the recording in core/blob,
-- what it is, and its bytes.
ALTER TABLE liaison_answer ADD COLUMN voice BYTEA; -- NULL: it is not
ALTER TABLE liaison_answer ADD COLUMN voice_kind TEXT NOT NULL DEFAULT ''; -- webm, m4a…: see core/attach
ALTER TABLE liaison_answer ADD COLUMN voice_size BIGINT NOT NULL DEFAULT 0;
CREATE INDEX liaison_answer_voice ON liaison_answer (voice) WHERE voice IS NOT NULL;
ALTER TABLE liaison_note ADD COLUMN voice BYTEA;
ALTER TABLE liaison_note ADD COLUMN voice_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE liaison_note ADD COLUMN voice_size BIGINT NOT NULL DEFAULT 0;
CREATE INDEX liaison_note_voice ON liaison_note (voice) WHERE voice IS NOT NULL;
