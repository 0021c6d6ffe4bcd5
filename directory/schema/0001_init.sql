-- +goose Up

-- A column that may be empty has its emptiness as default: a batch of rows leaves out the columns that
-- none of them fills.

-- Schools, and what they are within: commune, circonscription, département, académie, RPI.
CREATE TABLE directory_structure (
    id          ROWID_KEY,
    ref         TEXT NOT NULL UNIQUE, -- what the world calls it: "uai:0789001K", "commune:78999"
    kind        TEXT NOT NULL,
    uai         TEXT NOT NULL DEFAULT '',
    stage       TEXT NOT NULL DEFAULT '',
    name        TEXT NOT NULL DEFAULT '',
    name_key    TEXT NOT NULL DEFAULT '',
    type_code   TEXT NOT NULL DEFAULT '',
    type_label  TEXT NOT NULL DEFAULT '',
    sector      TEXT NOT NULL DEFAULT '',
    contract    TEXT NOT NULL DEFAULT '',
    siret       TEXT NOT NULL DEFAULT '',
    ministry    TEXT NOT NULL DEFAULT '',
    address     TEXT NOT NULL DEFAULT '',
    postal_code TEXT NOT NULL DEFAULT '',
    town        TEXT NOT NULL DEFAULT '',
    phone       TEXT NOT NULL DEFAULT '',
    fax         TEXT NOT NULL DEFAULT '',
    mail        TEXT NOT NULL DEFAULT '',
    from_at     BIGINT NOT NULL,
    until_at    BIGINT,
    source_id   BIGINT NOT NULL DEFAULT 0,
    feed_id     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX directory_structure_kind ON directory_structure (kind, name_key);

-- Every structure above a structure, at any height.
CREATE TABLE directory_within (
    structure_id BIGINT NOT NULL,
    ancestor_id  BIGINT NOT NULL,
    source_id    BIGINT NOT NULL DEFAULT 0,
    feed_id      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (structure_id, ancestor_id)
) CLUSTERED;
CREATE INDEX directory_within_ancestor ON directory_within (ancestor_id);

-- Classes and groups of one school year.
CREATE TABLE directory_class (
    id         ROWID_KEY,
    school_id  BIGINT NOT NULL,
    year       BIGINT NOT NULL,
    kind       TEXT NOT NULL, -- class, group
    source_key TEXT NOT NULL, -- idClasse
    label      TEXT NOT NULL DEFAULT '',
    label_key  TEXT NOT NULL DEFAULT '',
    type_code  TEXT NOT NULL DEFAULT '',
    type_label TEXT NOT NULL DEFAULT '',
    from_at    BIGINT NOT NULL,
    until_at   BIGINT,
    source_id  BIGINT NOT NULL DEFAULT 0,
    feed_id    BIGINT NOT NULL DEFAULT 0,
    UNIQUE (school_id, year, kind, source_key)
);

CREATE TABLE directory_person (
    id           ROWID_KEY,
    organisation BOOLEAN NOT NULL DEFAULT FALSE,
    civility     TEXT NOT NULL DEFAULT '',
    birth_name   TEXT NOT NULL DEFAULT '',
    usual_name   TEXT NOT NULL DEFAULT '',
    first_name   TEXT NOT NULL DEFAULT '',
    other_names  TEXT NOT NULL DEFAULT '',
    sort_key     TEXT NOT NULL DEFAULT '',
    birth_date   TEXT NOT NULL DEFAULT '', -- 2019-03-04, or empty
    ine          TEXT NOT NULL DEFAULT '',
    mail         TEXT NOT NULL DEFAULT '',
    home_phone   TEXT NOT NULL DEFAULT '',
    mobile_phone TEXT NOT NULL DEFAULT '',
    work_phone   TEXT NOT NULL DEFAULT '',
    address      TEXT NOT NULL DEFAULT '', -- lines
    postal_code  TEXT NOT NULL DEFAULT '',
    town         TEXT NOT NULL DEFAULT '',
    country      TEXT NOT NULL DEFAULT '',
    show_address BOOLEAN NOT NULL DEFAULT FALSE,
    departed_at  BIGINT,
    source_id    BIGINT NOT NULL DEFAULT 0,
    jointure     BIGINT NOT NULL DEFAULT 0,
    feed_id      BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX directory_person_departed ON directory_person (departed_at) WHERE departed_at IS NOT NULL;
CREATE INDEX directory_person_ine ON directory_person (ine) WHERE ine <> '';

-- What the AAF calls a structure or a person, and what we call it. A key is
-- never given to somebody else, and outlives what it names.
CREATE TABLE directory_key (
    source_id  BIGINT NOT NULL,
    category   TEXT NOT NULL,
    jointure   BIGINT NOT NULL,
    subject_id BIGINT NOT NULL,
    hash       BIGINT NOT NULL DEFAULT 0, -- of the record as last applied; 0: to be compared again
    live       BOOLEAN NOT NULL DEFAULT FALSE,
    feed_id    BIGINT NOT NULL DEFAULT 0,
    made_by    BIGINT NOT NULL DEFAULT 0, -- the delivery that brought the key
    PRIMARY KEY (source_id, category, jointure)
) CLUSTERED;
CREATE INDEX directory_key_subject ON directory_key (subject_id);

CREATE TABLE directory_enrolment (
    person_id    BIGINT NOT NULL,
    school_id    BIGINT NOT NULL,
    year         BIGINT NOT NULL,
    from_at      BIGINT NOT NULL,
    level_code   TEXT NOT NULL DEFAULT '',
    level_label  TEXT NOT NULL DEFAULT '',
    cycle        TEXT NOT NULL DEFAULT '',
    canteen      BOOLEAN NOT NULL DEFAULT FALSE,
    transport    BOOLEAN NOT NULL DEFAULT FALSE,
    morning_care BOOLEAN NOT NULL DEFAULT FALSE,
    evening_care BOOLEAN NOT NULL DEFAULT FALSE,
    study        BOOLEAN NOT NULL DEFAULT FALSE,
    until_at     BIGINT,
    source_id    BIGINT NOT NULL DEFAULT 0,
    jointure     BIGINT NOT NULL DEFAULT 0,
    feed_id      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (person_id, school_id, year, from_at)
) CLUSTERED;
CREATE INDEX directory_enrolment_school ON directory_enrolment (school_id, year);

-- Pupils and teachers of classes and groups.
CREATE TABLE directory_membership (
    person_id  BIGINT NOT NULL,
    class_id   BIGINT NOT NULL,
    role       TEXT NOT NULL, -- pupil, teacher
    from_at    BIGINT NOT NULL,
    until_at   BIGINT,
    days       TEXT NOT NULL DEFAULT '', -- "lun mar", when a service is shared
    share      BIGINT NOT NULL DEFAULT 0, -- percent of a full service; 0: not said
    granted_by BIGINT NOT NULL DEFAULT 0,
    source_id  BIGINT NOT NULL DEFAULT 0,
    jointure   BIGINT NOT NULL DEFAULT 0,
    feed_id    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (person_id, class_id, role, from_at)
) CLUSTERED;
CREATE INDEX directory_membership_class ON directory_membership (class_id, role);

-- A guardian of a pupil.
CREATE TABLE directory_bond (
    pupil_id    BIGINT NOT NULL,
    guardian_id BIGINT NOT NULL,
    from_at     BIGINT NOT NULL,
    link        TEXT NOT NULL DEFAULT '', -- N_LIEN_ELEVE_RESPONSABLE: 10 mother, 20 father…
    authority   BOOLEAN NOT NULL DEFAULT FALSE,
    level       TEXT NOT NULL DEFAULT '', -- niveau de responsabilité, where given
    priority    TEXT NOT NULL DEFAULT '', -- contact priority, where given
    until_at    BIGINT,
    source_id   BIGINT NOT NULL DEFAULT 0,
    jointure    BIGINT NOT NULL DEFAULT 0,
    feed_id     BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (pupil_id, guardian_id, from_at)
) CLUSTERED;
CREATE INDEX directory_bond_guardian ON directory_bond (guardian_id);

-- A judge's restriction on a bond. Its effects are chosen one by one; the
-- judgment itself is never stored.
CREATE TABLE directory_restriction (
    id          ROWID_KEY,
    pupil_id    BIGINT NOT NULL,
    guardian_id BIGINT NOT NULL,
    may_not_sign  BOOLEAN NOT NULL DEFAULT FALSE,
    informed_only BOOLEAN NOT NULL DEFAULT FALSE,
    hide_place    BOOLEAN NOT NULL DEFAULT FALSE,
    no_access     BOOLEAN NOT NULL DEFAULT FALSE,
    reference   TEXT NOT NULL DEFAULT '',
    from_at     BIGINT NOT NULL,
    until_at    BIGINT,
    recorded_by BIGINT NOT NULL DEFAULT 0,
    recorded_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX directory_restriction_bond ON directory_restriction (guardian_id, pupil_id);

-- What a person does in a structure, and the profile that it gives.
CREATE TABLE directory_function (
    person_id    BIGINT NOT NULL,
    structure_id BIGINT NOT NULL,
    year         BIGINT NOT NULL,
    code         TEXT NOT NULL,
    specialty    TEXT NOT NULL,
    from_at      BIGINT NOT NULL,
    profile      TEXT NOT NULL,
    label        TEXT NOT NULL DEFAULT '',
    until_at     BIGINT,
    granted_by   BIGINT NOT NULL DEFAULT 0,
    reason       TEXT NOT NULL DEFAULT '',
    source_id    BIGINT NOT NULL DEFAULT 0,
    jointure     BIGINT NOT NULL DEFAULT 0,
    feed_id      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (person_id, structure_id, year, code, specialty, from_at)
) CLUSTERED;
CREATE INDEX directory_function_structure ON directory_function (structure_id);

-- Two records that may be one person: proposed to a human, never decided here.
CREATE TABLE directory_proposal (
    person_id  BIGINT NOT NULL,
    other_id   BIGINT NOT NULL,
    reason     TEXT NOT NULL,
    made_at    BIGINT NOT NULL,
    decided_at BIGINT,
    decision   TEXT NOT NULL DEFAULT '', -- empty, merged, kept
    feed_id    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (person_id, other_id)
) CLUSTERED;
CREATE INDEX directory_proposal_other ON directory_proposal (other_id);

-- The people whom a human made one of: what brings the first back is made the second again.
CREATE TABLE directory_merge (
    gone_id   ROWID_KEY,
    kept_id   BIGINT NOT NULL,
    merged_at BIGINT NOT NULL
);
