//go:build !race

package app

import (
	"testing"

	"preau/core/db/dbtest"
)

// merging says what becomes, when two people are merged, of the rows of each
// table that is about people. What is added to the house is added here, with
// what a merge and its undoing do to it.
var merging = map[string]string{
	"directory_person":      "one row stays",
	"directory_key":         "moved",
	"directory_enrolment":   "moved",
	"directory_membership":  "moved",
	"directory_bond":        "moved, on either side",
	"directory_restriction": "moved, on either side, all of them",
	"directory_function":    "moved",
	"directory_grant":       "moved",
	"directory_referent":    "moved",
	"directory_interim":     "moved",
	"directory_proposal":    "made about who stays",
	"directory_likely":      "is looked for again, and lists nobody who is gone",
	"directory_custody":     "stays with the records that it names, and holds no more once one of them is gone",
	"directory_merge":       "made about who stays",
	"directory_merge_act":   "names both for ever: it is the merge",
	"directory_merge_image": "names both for ever: it is what undoes the merge",
	"feed_held":             "moved",
	"feed_image":            "moved",
	"account_account":       "one login stays, the other is closed",
	"account_code":          "ends, for both logins; what was handed out is of the record that stays",
	"account_contest":       "ends, for the login that closes",
	"mail_message":          "leaves as it was written, to whom it was",
	"account_session":       "ends, for the login that closes",
	"account_device":        "ends, for the login that closes",
	"account_factor":        "follows the login that stays, as its password does, or the person where that login had none",
	"account_drive":         "ends, for the login that closes",
	"webdav_lock":           "stays with the record whose program asked for it, and ends within the hour",
	"webdav_scrap":          "stays with the record whose system wrote it, for a day",
	"account_recovery":      "stays with its login, and ends when the two cross",
	"account_pictures":      "end, for the login that closes",
	"account_class_door":    "the badge ends, for the login that closes; what was made is of the record that stays",
	"account_mailbox":       "stays with the login that closes, which undoing the merge opens again",
	"account_home":          "stays with the record that it was said of; who said it is the record that stays",
	"account_join":          "ends, for both: what was claimed is done, or does not stand any more",
	"account_merge":         "names both: it is what undoes the merge",
	"federation_found":      "ends within minutes: who was found as the record that went chooses again",
	"federation_entry":      "says which provider opened a session, and ends with its term",
	"audience_address":      "stays as it was written: who stays holds the audiences of both while they are one",
	"audience_receipt":      "stays with the record that read or answered: what it answered for a child who is another record is asked once more",
	"past_change":           "stays with the record that the thing is about",
	"portal_mark":           "stays with the record that sent the form",
	"portal_order":          "stays with the record that chose it",
	"notify_preference":     "stays with its record: who stays has chosen for themselves",
	"notify_quiet":          "stays with its record: who stays has chosen for themselves",
	"notify_told":           "stays with its record: what only the other was told is told once more",
	"notify_due":            "ends within days: who is gone is told nothing",
	"notify_subscription":   "ends with its session, for the login that closes",
	"notify_bounce":         "stays with its record, whose address it is of",
	"notify_urgent":         "stays with the record that was told",
	"alert_call":            "stays with the record that was telephoned",
	"liaison_word":          "stays as it was written: to the family of a record that is one with another's",
	"liaison_note":          "stays as it was told, about the record that it was told of",
	"liaison_answer":        "stays with the record that answered: see audience_receipt",
	"liaison_former":        "stays with the record that answered: see audience_receipt",
	"liaison_paper":         "stays with the record whose talon came back: see audience_receipt",
	"message_thread":        "stays as it was written: who stays reads it, and takes back what was kept back, as theirs",
	"message_seat":          "stays as it was: who stays holds the audiences of both while they are one",
	"message_shelf":         "stays with the record that put it away: who stays reads it, and puts it back",
	"message_folder":        "stays with the record that filed it: who stays reads it, and takes it out",
	"message_draft":         "stays with the record that wrote it: who stays goes on with it, or throws it away",
	"message_block":         "stays with the record that blocked, and the one that is: it holds for who stays, who lifts it",
	"message_report":        "stays with the record that reported",
	"file_space":            "stays with its record: who stays has it beside their own",
	"file_entry":            "stays in its space, or in the casier, of a record that is one with another's",
	"file_star":             "stays with the record that wanted it at hand",
	"file_upload":           "stays with the record that sends it: who stays goes on with it while they are one",
	"file_received":         "ends within days: who stays has a count of their own",
	"audit_entry":           "stays as it was written: who acted, and about whom, then",
}

// TestAMergeKnowsEveryTable finds the tables about people that nobody has
// thought of merging.
func TestAMergeKnowsEveryTable(t *testing.T) {
	found := map[string]bool{}
	for _, table := range house(t, dbtest.SQLite(t)).holdings() {
		if len(table.Subjects) == 0 {
			continue
		}
		found[table.Name] = true
		if merging[table.Name] == "" {
			t.Errorf("%s is about people: have a merge move its rows (feed.Feeder.Merge, account.Accounts.Merge…), or say here why it does not", table.Name)
		}
	}
	for name := range merging {
		if !found[name] {
			t.Errorf("%s is listed here and is no table about people", name)
		}
	}
}
