package removal

import "preau/core/personal"

// keptDays is for how long a case is kept, and what it removed.
const keptDays = 365

// Holdings declares the tables. A case is about nobody alone, and evidence is erased for
// nobody before its term: who is erased is nobody in what is said of it, and nothing that
// was theirs is put back. What is sealed is opened by this installation's key alone, and is
// in no archive.
var Holdings = personal.Tables{
	{
		Name:    "removal_case",
		Authors: []string{"account_id", "asked_by", "settled_by", "undone_by", "restored_by"},
		Keys:    []string{"id", "things", "changes"},
		Personal: map[string]personal.Category{
			"since_at": personal.Trace, "until_at": personal.Trace, "words": personal.Content, "why": personal.Content, "answer": personal.Content,
			"asked_at": personal.Trace, "settled_at": personal.Trace, "undone_at": personal.Trace, "restored_at": personal.Trace,
		},
		Plain:      []string{"id", "school_id", "account_id", "things", "changes", "asked_by", "outcome", "settled_by", "removed", "mended", "portion", "undone_by", "restored_by"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Heads, personal.Operators},
		Retention:  personal.Retention{From: "asked_at", Days: keptDays},
	},
	{
		Name:       "removal_part",
		Secret:     []string{"evidence"},
		Personal:   map[string]personal.Category{"evidence": personal.Content, "taken_at": personal.Trace, "put_at": personal.Trace},
		Plain:      []string{"case_id", "part"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Heads, personal.Operators},
		Retention:  personal.Retention{From: "taken_at", Days: keptDays},
	},
	{
		Name:       "removal_file",
		Personal:   map[string]personal.Category{"file": personal.Content, "removed_at": personal.Trace},
		Plain:      []string{"case_id"},
		Files:      []string{"file"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Nobody},
		Retention:  personal.Retention{From: "removed_at", Days: keptDays},
	},
}

var _ personal.Steward = Holdings
