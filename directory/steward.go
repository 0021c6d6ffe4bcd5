package directory

import "preau/core/personal"

// Holdings declares the register's tables, so that it is a Steward and a
// Keeper like any room.
var Holdings = personal.Tables{
	{
		Name:  "directory_structure",
		Plain: Structures.Columns, School: "id = $1",
	},
	{
		Name:  "directory_within",
		Plain: Withins.Columns, School: "structure_id = $1",
	},
	{
		Name:     "directory_class",
		Personal: map[string]personal.Category{"label": personal.Professional, "label_key": personal.Professional}, // often a teacher's name
		Plain: []string{"id", "school_id", "year", "kind", "source_key", "type_code", "type_label",
			"from_at", "until_at", "source_id", "feed_id"},
		School:  "school_id = $1",
		Purpose: personal.Portal, Recipients: []personal.Recipient{personal.Oneself, personal.Guardians, personal.Teachers, personal.Heads, personal.Aides, personal.Municipal},
	},
	{
		Name:     "directory_person",
		Subjects: []string{"id"},
		Keys:     []string{"jointure", "sort_key", "source_id", "feed_id"},
		Personal: map[string]personal.Category{
			"civility": personal.Identity, "birth_name": personal.Identity, "usual_name": personal.Identity,
			"first_name": personal.Identity, "other_names": personal.Identity, "sort_key": personal.Identity,
			"birth_date": personal.Identity, "ine": personal.NationalID, "jointure": personal.NationalID,
			"mail": personal.Contact, "home_phone": personal.Contact, "mobile_phone": personal.Contact, "work_phone": personal.Contact,
			"address": personal.Contact, "postal_code": personal.Contact, "town": personal.Contact, "country": personal.Contact,
		},
		Plain:   []string{"id", "organisation", "show_address", "departed_at", "source_id", "feed_id"},
		School:  inSchool("id"),
		Purpose: personal.Portal, Recipients: []personal.Recipient{personal.Oneself, personal.Guardians, personal.Teachers, personal.Heads, personal.Aides, personal.Municipal, personal.Pilots, personal.Operators},
		Retention: personal.AfterDeparture,
	},
	{
		Name:       "directory_rpi_ask",
		Authors:    []string{"asked_by"},
		Personal:   map[string]personal.Category{"asked_at": personal.Trace},
		Plain:      []string{"rpi_id", "school_id", "asked_by"},
		School:     "school_id = $1",
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Heads},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:       "directory_custody",
		Subjects:   []string{"pupil_id", "even_id", "odd_id"},
		Keys:       []string{"asked_by"},
		Personal:   map[string]personal.Category{"even_id": personal.Family, "odd_id": personal.Family, "turn": personal.Family, "asked_at": personal.Trace, "agreed_at": personal.Trace},
		Plain:      []string{"pupil_id", "asked_by"},
		School:     inSchool("pupil_id"),
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Guardians, personal.Heads},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:     "directory_key",
		Subjects: []string{"subject_id"},
		Personal: map[string]personal.Category{"jointure": personal.NationalID},
		Plain:    []string{"source_id", "category", "subject_id", "hash", "live", "feed_id", "made_by"},
		School:   inSchool("subject_id") + " OR subject_id = $1",
		Purpose:  personal.Feed, Recipients: []personal.Recipient{personal.Operators},
		Retention: personal.AfterDeparture,
	},
	{
		Name:     "directory_enrolment",
		Subjects: []string{"person_id"},
		Keys:     []string{"jointure", "source_id", "feed_id"},
		Personal: map[string]personal.Category{
			"level_code": personal.Schooling, "level_label": personal.Schooling, "cycle": personal.Schooling,
			"canteen": personal.Schooling, "transport": personal.Schooling, "morning_care": personal.Schooling,
			"evening_care": personal.Schooling, "study": personal.Schooling, "jointure": personal.NationalID,
		},
		Plain:   []string{"person_id", "school_id", "year", "from_at", "until_at", "source_id", "feed_id"},
		School:  "school_id = $1",
		Purpose: personal.Portal, Recipients: []personal.Recipient{personal.Oneself, personal.Guardians, personal.Teachers, personal.Heads, personal.Aides, personal.Municipal, personal.Operators},
		Retention: personal.AfterDeparture,
	},
	{
		Name:     "directory_membership",
		Subjects: []string{"person_id"},
		Keys:     []string{"granted_by", "jointure", "source_id", "feed_id"},
		Personal: map[string]personal.Category{
			"days": personal.Professional, "share": personal.Professional, "granted_by": personal.Trace, "jointure": personal.NationalID,
		},
		Plain:   []string{"person_id", "class_id", "role", "from_at", "until_at", "source_id", "feed_id"},
		School:  "class_id IN (SELECT id FROM directory_class WHERE school_id = $1)",
		Purpose: personal.Portal, Recipients: []personal.Recipient{personal.Oneself, personal.Guardians, personal.Teachers, personal.Heads, personal.Aides, personal.Municipal, personal.Operators},
		Retention: personal.AfterDeparture,
	},
	{
		Name:     "directory_bond",
		Subjects: []string{"pupil_id", "guardian_id"},
		Keys:     []string{"jointure", "source_id", "feed_id"},
		Personal: map[string]personal.Category{
			"link": personal.Family, "authority": personal.Family, "level": personal.Family, "priority": personal.Family,
			"jointure": personal.NationalID,
		},
		Plain:   []string{"pupil_id", "guardian_id", "from_at", "until_at", "source_id", "feed_id"},
		School:  "pupil_id IN (SELECT person_id FROM directory_enrolment WHERE school_id = $1)",
		Purpose: personal.Portal, Recipients: []personal.Recipient{personal.Oneself, personal.Teachers, personal.Heads, personal.Operators},
		Retention: personal.AfterDeparture,
	},
	{
		Name:     "directory_restriction",
		Subjects: []string{"pupil_id", "guardian_id"},
		Personal: map[string]personal.Category{
			"may_not_sign": personal.Family, "informed_only": personal.Family, "hide_place": personal.Family,
			"no_access": personal.Family, "reference": personal.Family, "recorded_by": personal.Trace, "recorded_at": personal.Trace,
		},
		Plain:   []string{"id", "pupil_id", "guardian_id", "from_at", "until_at", "feed_id", "carried"},
		School:  "pupil_id IN (SELECT person_id FROM directory_enrolment WHERE school_id = $1)",
		Purpose: personal.Security, Recipients: []personal.Recipient{personal.Heads, personal.Operators},
		Retention: personal.AfterDeparture,
	},
	{
		Name:     "directory_function",
		Subjects: []string{"person_id"},
		Keys:     []string{"granted_by", "confirmed_by", "jointure", "source_id", "feed_id"},
		Personal: map[string]personal.Category{
			"code": personal.Professional, "specialty": personal.Professional, "profile": personal.Professional,
			"label": personal.Professional, "reason": personal.Professional, "granted_by": personal.Trace, "confirmed_by": personal.Trace,
			"jointure": personal.NationalID,
		},
		Plain:   []string{"person_id", "structure_id", "year", "from_at", "until_at", "source_id", "feed_id"},
		School:  "structure_id = $1",
		Purpose: personal.Portal, Recipients: []personal.Recipient{personal.Oneself, personal.Guardians, personal.Teachers, personal.Heads, personal.Aides, personal.Municipal, personal.Granters, personal.Pilots, personal.Operators},
		Retention: personal.AfterDeparture,
	},
	{
		Name:     "directory_grant",
		Subjects: []string{"person_id", "pupil_id"},
		Keys:     []string{"id", "granted_by", "lender_id"},
		Personal: map[string]personal.Category{"reason": personal.Professional, "granted_by": personal.Trace},
		Plain:    []string{"id", "person_id", "lender_id", "structure_id", "class_id", "pupil_id", "function", "from_at", "until_at"},
		School:   "structure_id = $1",
		Purpose:  personal.Security, Recipients: []personal.Recipient{personal.Oneself, personal.Heads, personal.Granters},
		Retention: personal.AfterDeparture,
	},
	{
		Name:     "directory_interim",
		Subjects: []string{"person_id"},
		Personal: map[string]personal.Category{
			"civility": personal.Identity, "first_name": personal.Identity, "usual_name": personal.Identity, "mail": personal.Contact,
			"reason": personal.Professional, "proposed_by": personal.Trace, "proposed_as": personal.Trace, "proposed_at": personal.Trace,
		},
		Plain:   []string{"school_id", "person_id", "from_at", "until_at"},
		School:  "school_id = $1",
		Purpose: personal.Security, Recipients: []personal.Recipient{personal.Granters, personal.Operators},
		Retention: personal.Retention{From: "proposed_at", Days: int(InterimWaits.Hours() / 24)},
	},
	{
		Name:     "directory_referent",
		Subjects: []string{"person_id"},
		Keys:     []string{"id", "recorded_by"},
		Personal: map[string]personal.Category{
			"role": personal.Professional, "name": personal.Professional, "mail": personal.Professional, "phone": personal.Professional,
			"url": personal.Professional, "recorded_by": personal.Trace, "recorded_at": personal.Trace,
		},
		Plain:   []string{"id", "structure_id", "rank", "person_id", "families", "from_at", "until_at"},
		School:  "structure_id = $1",
		Purpose: personal.Portal, Recipients: []personal.Recipient{personal.Oneself, personal.Guardians, personal.Followers, personal.Operators},
		Retention: personal.Retention{From: "until_at", Days: personal.AfterDeparture.Days}, // and with the person's account, if it is theirs
	},
	{
		Name:     "directory_proposal",
		Subjects: []string{"person_id", "other_id"},
		Personal: map[string]personal.Category{"reason": personal.Identity, "decision": personal.Trace},
		Plain:    []string{"person_id", "other_id", "made_at", "decided_at", "feed_id"},
		Purpose:  personal.Feed, Recipients: []personal.Recipient{personal.Heads, personal.Operators},
		Retention: personal.AfterDeparture,
	},
	{
		Name:     "directory_likely",
		Subjects: []string{"person_id", "other_id"},
		Plain:    []string{"school_id", "person_id", "other_id"},
		School:   "school_id = $1",
		Purpose:  personal.Feed, Recipients: []personal.Recipient{personal.Heads},
		Retention: personal.AfterDeparture,
	},
	{
		Name:  "directory_looked",
		Plain: []string{"school_id", "looked_at", "touched_at"}, School: "school_id = $1",
	},
	{
		Name:      "directory_void",
		Plain:     []string{"void_at", "about"},
		Retention: personal.Retention{From: "void_at", Days: 1},
	},
	{
		Name:     "directory_merge",
		Subjects: []string{"kept_id"},
		Personal: map[string]personal.Category{"merged_at": personal.Trace},
		Plain:    []string{"gone_id", "kept_id"},
		Purpose:  personal.Feed, Recipients: []personal.Recipient{personal.Nobody},
		Retention: personal.AfterDeparture,
	},
	{
		Name:     "directory_merge_act",
		Subjects: []string{"kept_id", "gone_id"},
		Personal: map[string]personal.Category{
			"made_at": personal.Trace, "made_by": personal.Trace, "asked_by": personal.Trace, "undone_at": personal.Trace, "undone_by": personal.Trace,
		},
		Plain:   []string{"id", "kept_id", "gone_id", "images"},
		Purpose: personal.Feed, Recipients: []personal.Recipient{personal.Heads, personal.Operators},
		Retention: personal.Retention{From: "made_at", Days: int(MergeUndoable.Hours() / 24)},
	},
	{
		Name:     "directory_merge_image",
		Subjects: []string{"subject_id", "kept_id"},
		Personal: map[string]personal.Category{"before": personal.Identity},
		Plain:    []string{"merge_id", "rank", "of_table", "subject_id", "kept_id", "made_at", "made"},
		Purpose:  personal.Feed, Recipients: []personal.Recipient{personal.Heads, personal.Operators},
		Retention: personal.Retention{From: "made_at", Days: int(MergeUndoable.Hours() / 24)},
	},
}

var (
	_ personal.Steward = Holdings
	_ personal.Keeper  = Holdings
)

// inSchool finds the people of the school $1: its pupils, their guardians and
// its staff.
func inSchool(column string) string {
	return column + ` IN (
		SELECT person_id FROM directory_enrolment WHERE school_id = $1
		UNION SELECT b.guardian_id FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id WHERE e.school_id = $1
		UNION SELECT person_id FROM directory_function WHERE structure_id = $1)`
}
