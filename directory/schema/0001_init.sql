-- +goose Up

-- Schools, and what they are within: commune, circonscription, département, académie, RPI.
CREATE TABLE directory_structure (
    id          ROWID_KEY,
    ref         TEXT NOT NULL UNIQUE, -- what the world calls it: "uai:0789001K", "commune:78999"
    kind        TEXT NOT NULL,
    uai         TEXT NOT NULL,
    stage       TEXT NOT NULL,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    type_code   TEXT NOT NULL,
    type_label  TEXT NOT NULL,
    sector      TEXT NOT NULL,
    contract    TEXT NOT NULL,
    siret       TEXT NOT NULL,
    ministry    TEXT NOT NULL,
    address     TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    town        TEXT NOT NULL,
    phone       TEXT NOT NULL,
    fax         TEXT NOT NULL,
    mail        TEXT NOT NULL,
    from_at     BIGINT NOT NULL,
    until_at    BIGINT,
    source_id   BIGINT NOT NULL,
    feed_id     BIGINT NOT NULL
);
CREATE INDEX directory_structure_kind ON directory_structure (kind, name_key);

-- Every structure above a structure, at any height.
CREATE TABLE directory_within (
    structure_id BIGINT NOT NULL,
    ancestor_id  BIGINT NOT NULL,
    source_id    BIGINT NOT NULL,
    feed_id      BIGINT NOT NULL,
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
    label      TEXT NOT NULL,
    label_key  TEXT NOT NULL,
    type_code  TEXT NOT NULL,
    type_label TEXT NOT NULL,
    from_at    BIGINT NOT NULL,
    until_at   BIGINT,
    source_id  BIGINT NOT NULL,
    feed_id    BIGINT NOT NULL,
    UNIQUE (school_id, year, kind, source_key)
);

CREATE TABLE directory_person (
    id           ROWID_KEY,
    organisation BOOLEAN NOT NULL,
    civility     TEXT NOT NULL,
    birth_name   TEXT NOT NULL,
    usual_name   TEXT NOT NULL,
    first_name   TEXT NOT NULL,
    other_names  TEXT NOT NULL,
    sort_key     TEXT NOT NULL,
    birth_date   TEXT NOT NULL, -- 2019-03-04, or empty
    ine          TEXT NOT NULL,
    mail         TEXT NOT NULL,
    home_phone   TEXT NOT NULL,
    mobile_phone TEXT NOT NULL,
    work_phone   TEXT NOT NULL,
    address      TEXT NOT NULL, -- lines
    postal_code  TEXT NOT NULL,
    town         TEXT NOT NULL,
    country      TEXT NOT NULL,
    show_address BOOLEAN NOT NULL,
    departed_at  BIGINT,
    source_id    BIGINT NOT NULL,
    jointure     BIGINT NOT NULL,
    feed_id      BIGINT NOT NULL
);
CREATE INDEX directory_person_ine ON directory_person (ine) WHERE ine <> '';

-- What the AAF calls a structure or a person, and what we call it. A key is
-- never given to somebody else, and outlives what it names.
CREATE TABLE directory_key (
    source_id  BIGINT NOT NULL,
    category   TEXT NOT NULL,
    jointure   BIGINT NOT NULL,
    subject_id BIGINT NOT NULL,
    hash       BIGINT NOT NULL, -- of the record as last applied; 0: to be compared again
    live       BOOLEAN NOT NULL,
    feed_id    BIGINT NOT NULL,
    made_by    BIGINT NOT NULL, -- the delivery that brought the key
    PRIMARY KEY (source_id, category, jointure)
) CLUSTERED;
CREATE INDEX directory_key_subject ON directory_key (subject_id);

CREATE TABLE directory_enrolment (
    person_id    BIGINT NOT NULL,
    school_id    BIGINT NOT NULL,
    year         BIGINT NOT NULL,
    from_at      BIGINT NOT NULL,
    level_code   TEXT NOT NULL,
    level_label  TEXT NOT NULL,
    cycle        TEXT NOT NULL,
    canteen      BOOLEAN NOT NULL,
    transport    BOOLEAN NOT NULL,
    morning_care BOOLEAN NOT NULL,
    evening_care BOOLEAN NOT NULL,
    study        BOOLEAN NOT NULL,
    until_at     BIGINT,
    source_id    BIGINT NOT NULL,
    jointure     BIGINT NOT NULL,
    feed_id      BIGINT NOT NULL,
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
    days       TEXT NOT NULL, -- "lun mar", when a service is shared
    share      BIGINT NOT NULL, -- percent of a full service; 0: not said
    granted_by BIGINT NOT NULL,
    source_id  BIGINT NOT NULL,
    jointure   BIGINT NOT NULL,
    feed_id    BIGINT NOT NULL,
    PRIMARY KEY (person_id, class_id, role, from_at)
) CLUSTERED;
CREATE INDEX directory_membership_class ON directory_membership (class_id, role);

-- A guardian of a pupil.
CREATE TABLE directory_bond (
    pupil_id    BIGINT NOT NULL,
    guardian_id BIGINT NOT NULL,
    from_at     BIGINT NOT NULL,
    link        TEXT NOT NULL, -- N_LIEN_ELEVE_RESPONSABLE: 10 mother, 20 father…
    authority   BOOLEAN NOT NULL,
    level       TEXT NOT NULL, -- niveau de responsabilité, where given
    priority    TEXT NOT NULL, -- contact priority, where given
    until_at    BIGINT,
    source_id   BIGINT NOT NULL,
    jointure    BIGINT NOT NULL,
    feed_id     BIGINT NOT NULL,
    PRIMARY KEY (pupil_id, guardian_id, from_at)
) CLUSTERED;
CREATE INDEX directory_bond_guardian ON directory_bond (guardian_id);

-- A judge's restriction on a bond. Its effects are chosen one by one; the
-- judgment itself is never stored.
CREATE TABLE directory_restriction (
    id          ROWID_KEY,
    pupil_id    BIGINT NOT NULL,
    guardian_id BIGINT NOT NULL,
    may_not_sign  BOOLEAN NOT NULL,
    informed_only BOOLEAN NOT NULL,
    hide_place    BOOLEAN NOT NULL,
    no_access     BOOLEAN NOT NULL,
    reference   TEXT NOT NULL,
    from_at     BIGINT NOT NULL,
    until_at    BIGINT,
    recorded_by BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL
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
    label        TEXT NOT NULL,
    until_at     BIGINT,
    granted_by   BIGINT NOT NULL,
    reason       TEXT NOT NULL,
    source_id    BIGINT NOT NULL,
    jointure     BIGINT NOT NULL,
    feed_id      BIGINT NOT NULL,
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
    decision   TEXT NOT NULL, -- empty, merged, kept
    feed_id    BIGINT NOT NULL,
    PRIMARY KEY (person_id, other_id)
) CLUSTERED;
