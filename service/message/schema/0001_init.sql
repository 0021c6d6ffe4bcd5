-- +goose Up

-- A conversation.
CREATE TABLE message_thread (
    id        ROWID_KEY,
    school_id BIGINT NOT NULL,
    class_id  BIGINT NOT NULL, -- 0: of no class
    child_id  BIGINT NOT NULL, -- whom a guardian and the school talk about; else 0
    author_id BIGINT NOT NULL,
    parent_id BIGINT NOT NULL, -- of an answer to a group: the message to the group; else 0
    kind      TEXT NOT NULL,   -- pair, group, circle
    subject   TEXT NOT NULL,
    begun_at  BIGINT NOT NULL, -- later than now: it is to be sent then
    last_at   BIGINT NOT NULL  -- when something was last said in it
);
CREATE INDEX message_thread_author ON message_thread (author_id, last_at);
CREATE INDEX message_thread_parent ON message_thread (parent_id);
CREATE INDEX message_thread_child ON message_thread (child_id);
CREATE INDEX message_thread_class ON message_thread (class_id);
CREATE INDEX message_thread_school ON message_thread (school_id);
CREATE INDEX message_thread_last ON message_thread (last_at);

-- What somebody says in a conversation.
CREATE TABLE message_post (
    id        ROWID_KEY,
    thread_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    body      TEXT NOT NULL,   -- safe HTML
    state     TEXT NOT NULL,   -- said; held until an adult has read it; returned to the child
    why       TEXT NOT NULL,   -- it was returned
    posted_at BIGINT NOT NULL,
    read_at   BIGINT           -- when somebody else read it first
);
CREATE INDEX message_post_thread ON message_post (thread_id, id);
CREATE INDEX message_post_author ON message_post (author_id);
CREATE INDEX message_post_state ON message_post (state);

-- Who takes part in a conversation by name, and with which hat.
CREATE TABLE message_seat (
    thread_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    profile   TEXT NOT NULL,
    child_id  BIGINT NOT NULL, -- of a guardian: about whom; else 0
    PRIMARY KEY (thread_id, person_id)
) CLUSTERED;
CREATE INDEX message_seat_person ON message_seat (person_id);
CREATE INDEX message_seat_child ON message_seat (child_id);

-- What somebody put away. It stays as it was for the others.
CREATE TABLE message_shelf (
    thread_id  BIGINT NOT NULL,
    person_id  BIGINT NOT NULL,
    shelved_at BIGINT NOT NULL,
    PRIMARY KEY (thread_id, person_id)
) CLUSTERED;
CREATE INDEX message_shelf_person ON message_shelf (person_id);

-- A form that was put aside before it was sent.
CREATE TABLE message_draft (
    id        ROWID_KEY,
    person_id BIGINT NOT NULL,
    profile   TEXT NOT NULL, -- the hat with which they write
    path      TEXT NOT NULL, -- of its form
    subject   TEXT NOT NULL,
    form      TEXT NOT NULL, -- what was typed
    saved_at  BIGINT NOT NULL
);
CREATE INDEX message_draft_person ON message_draft (person_id, saved_at);

-- Who may address whom, where it is not as it is by default: of a school, or of the whole project (0).
CREATE TABLE message_rule (
    school_id BIGINT NOT NULL,
    sender    TEXT NOT NULL,
    recipient TEXT NOT NULL,
    value     TEXT NOT NULL, -- yes, no, never
    set_by    BIGINT NOT NULL,
    set_at    BIGINT NOT NULL,
    PRIMARY KEY (school_id, sender, recipient)
) CLUSTERED;

-- What the pupils of a class may do, where a teacher opened it.
CREATE TABLE message_class (
    class_id   BIGINT NOT NULL PRIMARY KEY,
    school_id  BIGINT NOT NULL,
    to_teacher BOOLEAN NOT NULL,
    among      BOOLEAN NOT NULL,
    set_by     BIGINT NOT NULL,
    set_at     BIGINT NOT NULL
);

-- The photos of a post, in their order: the names of their files in core/blob.
CREATE TABLE message_photo (
    post_id        BIGINT NOT NULL,
    rank           BIGINT NOT NULL, -- from 1 on
    whole          BYTEA NOT NULL,
    preview        BYTEA NOT NULL,
    width          BIGINT NOT NULL, -- of the whole, in pixels
    height         BIGINT NOT NULL,
    preview_width  BIGINT NOT NULL,
    preview_height BIGINT NOT NULL,
    PRIMARY KEY (post_id, rank)
) CLUSTERED;
CREATE INDEX message_photo_whole ON message_photo (whole);
CREATE INDEX message_photo_preview ON message_photo (preview);

-- Whose messages somebody does not want.
CREATE TABLE message_block (
    person_id  BIGINT NOT NULL,
    blocked_id BIGINT NOT NULL,
    since_at   BIGINT NOT NULL,
    PRIMARY KEY (person_id, blocked_id)
) CLUSTERED;
CREATE INDEX message_block_blocked ON message_block (blocked_id);

-- What somebody told the head of a school of a post, and what became of it.
CREATE TABLE message_report (
    id          ROWID_KEY,
    post_id     BIGINT NOT NULL,
    thread_id   BIGINT NOT NULL,
    school_id   BIGINT NOT NULL,
    reporter_id BIGINT NOT NULL,
    reason      TEXT NOT NULL,
    reported_at BIGINT NOT NULL,
    outcome     TEXT NOT NULL, -- what the head answers; empty: not yet
    settled_at  BIGINT
);
CREATE INDEX message_report_school ON message_report (school_id, reported_at);
CREATE INDEX message_report_reporter ON message_report (reporter_id);
CREATE INDEX message_report_post ON message_report (post_id);
CREATE INDEX message_report_thread ON message_report (thread_id);

-- What is stopped in a school, or everywhere (0): everybody's messages, or the pupils'.
CREATE TABLE message_stop (
    school_id BIGINT NOT NULL,
    what      TEXT NOT NULL, -- all, pupils
    set_by    BIGINT NOT NULL,
    set_at    BIGINT NOT NULL,
    reason    TEXT NOT NULL,
    PRIMARY KEY (school_id, what)
) CLUSTERED;
