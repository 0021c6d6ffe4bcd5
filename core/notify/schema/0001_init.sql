-- +goose Up

-- How often a person hears of the things of a room by a channel. A person who never chose has no row.
CREATE TABLE notify_preference (
    person_id BIGINT NOT NULL,
    channel   TEXT NOT NULL, -- mail, push
    room      TEXT NOT NULL, -- as its card names it; empty: of every room that has no row of its own
    rhythm    TEXT NOT NULL, -- now, evening, week, never
    PRIMARY KEY (person_id, channel, room)
) CLUSTERED;

-- What else a person chose: the language of what leaves, whether it has their children's first names, their quiet hours.
CREATE TABLE notify_quiet (
    person_id   ROWID_KEY,
    lang        TEXT NOT NULL,    -- empty: French
    first_names BOOLEAN NOT NULL,
    quiet       TEXT NOT NULL,    -- "20:00-07:00", "19:00-07:30 weekend", "off"; empty: those of their profile
    evening_at  BIGINT,           -- minutes into the day when their evening mail leaves; empty: with everybody's
    evening_day TEXT NOT NULL     -- of the last that left so
);
CREATE INDEX notify_quiet_evening ON notify_quiet (evening_at, person_id);

-- Until when what a room published was told to a person by a channel, and of which last days they were reminded.
-- It is written with the message that tells it, and only then.
CREATE TABLE notify_told (
    person_id    BIGINT NOT NULL,
    channel      TEXT NOT NULL,
    room         TEXT NOT NULL, -- empty: of every room
    published_at BIGINT,
    due_at       BIGINT,
    PRIMARY KEY (person_id, channel, room)
) CLUSTERED;

-- Whom to tell by a channel, and when: something was published, or they were in their quiet hours. What they are
-- told is found then.
CREATE TABLE notify_due (
    person_id BIGINT NOT NULL,
    channel   TEXT NOT NULL,
    due_at    BIGINT NOT NULL,
    reach     BIGINT NOT NULL, -- what it tells: 1 what is told at once, 2 of every evening too, 3 of every week too
    day       TEXT NOT NULL,   -- of the evening whose last days it reminds of; empty: of none
    PRIMARY KEY (person_id, channel)
) CLUSTERED;
CREATE INDEX notify_due_at ON notify_due (due_at, person_id);

-- The browsers on which people asked for push notifications. Where one is reached is encrypted under the master key.
CREATE TABLE notify_subscription (
    id         ROWID_KEY,
    person_id  BIGINT NOT NULL,
    session_id BIGINT NOT NULL, -- in which they asked; it ends with it
    endpoint   BYTEA NOT NULL,  -- HMAC of where it is reached
    sealed     BYTEA NOT NULL,
    agent      TEXT NOT NULL,   -- name of the browser
    created_at BIGINT NOT NULL,
    sent_at    BIGINT           -- the last time that something left for it
);
CREATE UNIQUE INDEX notify_subscription_endpoint ON notify_subscription (endpoint);
CREATE INDEX notify_subscription_person ON notify_subscription (person_id);
CREATE INDEX notify_subscription_session ON notify_subscription (session_id);

-- How many times mail to the address of a person came back, for good; by the HMAC of the address: another one
-- begins at none.
CREATE TABLE notify_bounce (
    person_id   ROWID_KEY,
    address     BYTEA NOT NULL,
    times       BIGINT NOT NULL,
    returned_at BIGINT NOT NULL -- the last time
);
