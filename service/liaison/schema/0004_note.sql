-- +goose Up

-- What a family tells the school about a child: an absence, a delay, an appointment that is asked for.
CREATE TABLE liaison_note (
    id           ROWID_KEY,
    school_id    BIGINT NOT NULL,
    class_id     BIGINT NOT NULL,
    child_id     BIGINT NOT NULL,
    author_id    BIGINT NOT NULL,
    kind         TEXT NOT NULL,   -- absence, late, appointment
    from_day     TEXT NOT NULL,   -- 2026-10-05; '' of an appointment
    until_day    TEXT NOT NULL,   -- the last day of an absence
    hour         TEXT NOT NULL,   -- of a delay, when the child comes: 09:15; '' when it is not said
    body         TEXT NOT NULL,   -- in the family's words; may be ''
    sent_at      BIGINT NOT NULL,
    withdrawn_at BIGINT,
    seen_by      BIGINT NOT NULL DEFAULT 0, -- who at school has taken note of it
    seen_at      BIGINT,
    reply        TEXT NOT NULL DEFAULT ''
);
CREATE INDEX liaison_note_class ON liaison_note (class_id, sent_at);
CREATE INDEX liaison_note_school ON liaison_note (school_id, until_day);
CREATE INDEX liaison_note_child ON liaison_note (child_id, sent_at);
CREATE INDEX liaison_note_author ON liaison_note (author_id);
