-- +goose Up

-- What became of a notice that was told at once, for each person and by each channel.
CREATE TABLE notify_urgent (
    notice_id  BIGINT NOT NULL,
    person_id  BIGINT NOT NULL,
    channel    TEXT NOT NULL,   -- mail, push, sms
    state      TEXT NOT NULL,   -- waits, taken, refused
    batch_id   BIGINT NOT NULL, -- of text messages: those that leave together; 0: of no batch
    told_at    BIGINT NOT NULL,
    settled_at BIGINT,          -- when it was taken, or refused
    PRIMARY KEY (notice_id, person_id, channel)
) CLUSTERED;
CREATE INDEX notify_urgent_person ON notify_urgent (person_id);
CREATE INDEX notify_urgent_batch ON notify_urgent (batch_id);
CREATE INDEX notify_urgent_told ON notify_urgent (told_at);
