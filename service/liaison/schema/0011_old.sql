-- +goose Up

-- What is past its term is looked for each night.
CREATE INDEX liaison_word_old ON liaison_word (published_at);
CREATE INDEX liaison_note_old ON liaison_note (sent_at);
