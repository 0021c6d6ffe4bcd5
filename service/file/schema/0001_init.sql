-- +goose Up

-- Where files are kept: of a person, of a class or group, of a school, of a commune. One is made as something
-- is put there first.
CREATE TABLE file_space (
    id        ROWID_KEY,
    kind      TEXT NOT NULL,   -- person, class, school, commune
    of_id     BIGINT NOT NULL, -- the person, the class or group, the school, the commune
    owner_id  BIGINT NOT NULL, -- the person; 0: it is nobody's alone
    school_id BIGINT NOT NULL, -- whose files they are; 0: of no school
    used      BIGINT NOT NULL, -- bytes of all that is kept, former versions and the bin among it
    quota     BIGINT NOT NULL, -- bytes, where somebody chose; 0: what its kind has
    ends_at   BIGINT           -- the end of the school year of a class
);
CREATE UNIQUE INDEX file_space_of ON file_space (kind, of_id);
CREATE INDEX file_space_owner ON file_space (owner_id);
CREATE INDEX file_space_school ON file_space (school_id);
CREATE INDEX file_space_ends ON file_space (ends_at) WHERE ends_at IS NOT NULL;

-- A folder or a file.
CREATE TABLE file_entry (
    id         ROWID_KEY,
    space_id   BIGINT NOT NULL,
    parent_id  BIGINT NOT NULL,  -- the folder; 0: at the top of its space
    owner_id   BIGINT NOT NULL,  -- whose alone it is: in a space of theirs, or in their part of a casier; 0: the space's
    author_id  BIGINT NOT NULL,
    folder     BOOLEAN NOT NULL,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL,    -- by which it sorts
    version_id BIGINT NOT NULL,  -- what a file holds; 0: of a folder
    made_at    BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    bin_id     BIGINT NOT NULL,  -- with which entry it was put in the bin, itself maybe; 0: it was not
    binned_at  BIGINT,           -- of that entry alone
    binned_by  BIGINT NOT NULL
);
CREATE UNIQUE INDEX file_entry_name ON file_entry (space_id, parent_id, name) WHERE bin_id = 0;
CREATE INDEX file_entry_recent ON file_entry (space_id, changed_at);
CREATE INDEX file_entry_parent ON file_entry (parent_id, name_key);
CREATE INDEX file_entry_owner ON file_entry (owner_id);
CREATE INDEX file_entry_author ON file_entry (author_id);
CREATE INDEX file_entry_bin ON file_entry (bin_id);
CREATE INDEX file_entry_binned ON file_entry (binned_at) WHERE binned_at IS NOT NULL;
CREATE INDEX file_entry_binner ON file_entry (binned_by);

-- What a file holds, and held: the names of its bytes in core/blob, and what was found in them.
CREATE TABLE file_version (
    id             ROWID_KEY,
    entry_id       BIGINT NOT NULL,
    author_id      BIGINT NOT NULL,
    made_at        BIGINT NOT NULL,
    sum            BYTEA NOT NULL,
    size           BIGINT NOT NULL, -- in bytes
    type           TEXT NOT NULL,   -- application/pdf: what it is by its bytes
    looked_at      BIGINT,          -- when it was looked into; empty: it waits
    virus          TEXT NOT NULL,   -- what was found in it; empty: nothing
    words          TEXT NOT NULL,   -- what it says, as far as a search needs
    whole          BYTEA,           -- its picture, or that of its first page; empty: it has none
    preview        BYTEA,
    width          BIGINT NOT NULL, -- of the whole, in pixels
    height         BIGINT NOT NULL,
    preview_width  BIGINT NOT NULL,
    preview_height BIGINT NOT NULL
);
CREATE INDEX file_version_entry ON file_version (entry_id);
CREATE INDEX file_version_author ON file_version (author_id);
CREATE INDEX file_version_sum ON file_version (sum);
CREATE INDEX file_version_whole ON file_version (whole) WHERE whole IS NOT NULL;
CREATE INDEX file_version_preview ON file_version (preview) WHERE preview IS NOT NULL;

-- An entry as it was opened to others: to whom is core/audience's. What is in a folder is opened with it.
CREATE TABLE file_share (
    id         ROWID_KEY,
    entry_id   BIGINT NOT NULL,
    author_id  BIGINT NOT NULL,
    school_id  BIGINT NOT NULL, -- 0: of no school
    level      TEXT NOT NULL,   -- read, drop, write: what those may do
    made_at    BIGINT NOT NULL,
    until_at   BIGINT,          -- empty: until somebody ends it
    removed_at BIGINT
);
CREATE INDEX file_share_entry ON file_share (entry_id);
CREATE INDEX file_share_author ON file_share (author_id);

-- What somebody wants at hand.
CREATE TABLE file_star (
    person_id  BIGINT NOT NULL,
    entry_id   BIGINT NOT NULL,
    starred_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, entry_id)
) CLUSTERED;
CREATE INDEX file_star_entry ON file_star (entry_id);
