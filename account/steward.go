package account

import (
	"preau/core/audit"
	"preau/core/db"
	"preau/core/personal"
	"preau/core/school"
)

var (
	_ personal.Steward = (*Accounts)(nil)
	_ personal.Keeper  = (*Accounts)(nil)
)

// holdings declares the tables. An account belongs to a person and to no
// school: a school's archive holds none.
var holdings = personal.Tables{
	{
		Name:     "account_account",
		Subjects: []string{"person_id"},
		Secret:   []string{"password"},
		Personal: map[string]personal.Category{
			"stem": personal.Account, "number": personal.Account, "password": personal.Account,
			"activated_at": personal.Trace, "password_at": personal.Trace, "frozen_at": personal.Trace,
			"frozen_why": personal.Trace, "frozen_from": personal.Trace, "verified_at": personal.Trace,
			"activated_by": personal.Trace, "seen_at": personal.Trace, "lang": personal.Account,
		},
		Plain:      []string{"person_id", "created_at", "disabled_at"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself, personal.Heads, personal.Operators},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:       "account_retired",
		Plain:      []string{"stem", "last"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Nobody},
	},
	{
		Name:       "account_code",
		Subjects:   []string{"person_id"},
		Secret:     []string{"code"},
		Personal:   map[string]personal.Category{"code": personal.Account, "hats": personal.Account, "made_by": personal.Trace, "made_at": personal.Trace, "post": personal.Trace, "suspected_at": personal.Trace},
		Keys:       []string{"grant_id", "post_at"},
		Plain:      []string{"person_id", "kind", "expires_at", "grant_id", "post_at"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Nobody},
		Retention:  personal.Retention{From: "expires_at"},
	},
	{
		Name:       "account_contest",
		Subjects:   []string{"person_id"},
		Secret:     []string{"token"},
		Personal:   map[string]personal.Category{"token": personal.Account},
		Plain:      []string{"person_id", "expires_at", "spent"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Nobody},
		Retention:  personal.Retention{From: "expires_at", Days: int(contestTold.Hours() / 24)},
	},
	{
		Name:     "account_session",
		Subjects: []string{"person_id"},
		Secret:   []string{"token", "challenge"},
		Keys:     []string{"id", "door_id"},
		Personal: map[string]personal.Category{
			"token": personal.Account, "profile": personal.Account, "hats": personal.Account,
			"ip": personal.Trace, "agent": personal.Trace, "created_at": personal.Trace, "seen_at": personal.Trace,
			"proved_at": personal.Trace, "challenge": personal.Account, "door_id": personal.Trace, "shared": personal.Trace,
		},
		Plain:      []string{"id", "person_id", "expires_at", "half", "challenge_at", "until_at"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Oneself},
		Retention:  personal.Retention{From: "expires_at"},
	},
	{
		Name:       "account_device",
		Subjects:   []string{"person_id"},
		Secret:     []string{"token", "network", "far"},
		Personal:   map[string]personal.Category{"token": personal.Account, "network": personal.Trace, "seen_at": personal.Trace, "far": personal.Trace, "far_at": personal.Trace},
		Plain:      []string{"person_id"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Nobody},
		Retention:  personal.Retention{From: "seen_at", Days: int(DeviceLife.Hours() / 24)},
	},
	{
		Name:     "account_factor",
		Subjects: []string{"person_id"},
		Secret:   []string{"secret", "last_step", "credential", "handle", "public_key"},
		Keys:     []string{"id"},
		Personal: map[string]personal.Category{
			"kind": personal.Account, "name": personal.Account, "made_at": personal.Trace, "used_at": personal.Trace,
			"secret": personal.Account, "last_step": personal.Trace, "credential": personal.Account, "handle": personal.Account,
			"public_key": personal.Account, "signs": personal.Account, "synced": personal.Account, "transports": personal.Account,
		},
		Plain:      []string{"id", "person_id"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Oneself},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:     "account_drive",
		Subjects: []string{"person_id"},
		Secret:   []string{"secret"},
		Keys:     []string{"id"},
		Personal: map[string]personal.Category{
			"profile": personal.Account, "name": personal.Account, "secret": personal.Account,
			"made_at": personal.Trace, "used_at": personal.Trace, "used_from": personal.Trace,
		},
		Plain:      []string{"id", "person_id"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:       "account_recovery",
		Subjects:   []string{"person_id"},
		Secret:     []string{"code"},
		Personal:   map[string]personal.Category{"code": personal.Account, "made_at": personal.Trace},
		Plain:      []string{"person_id"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Nobody},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:       "account_deployment",
		Plain:      append([]string{"school_id", "counted_at"}, deploymentColumns...),
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Pilots},
	},
	{
		Name:     "account_merge",
		Subjects: []string{"kept_id", "gone_id"},
		Personal: map[string]personal.Category{
			"merged_at": personal.Trace, "kept_disabled_at": personal.Account, "gone_disabled_at": personal.Account,
		},
		Plain:      []string{"gone_id", "kept_id", "crossed", "factors", "carried"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Nobody},
		Retention:  personal.Retention{From: "merged_at", Days: int(mergeKept.Hours() / 24)},
	},
	{
		Name:       "account_join",
		Subjects:   []string{"person_id", "other_id"},
		Secret:     []string{"code"},
		Personal:   map[string]personal.Category{"code": personal.Account, "made_at": personal.Trace},
		Plain:      []string{"person_id", "other_id", "expires_at"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Oneself, personal.Heads},
		Retention:  personal.Retention{From: "expires_at"},
	},
	{
		Name:     "account_switch",
		Personal: map[string]personal.Category{"set_by": personal.Trace, "set_at": personal.Trace},
		Plain:    []string{"school_id", "profile", "service", "chosen", "reason"},
		School:   "school_id = $1",
		Purpose:  personal.Security, Recipients: []personal.Recipient{personal.Heads, personal.Operators},
	},
	{
		Name:       "account_pictures",
		Subjects:   []string{"person_id"},
		Secret:     []string{"secret"},
		Personal:   map[string]personal.Category{"secret": personal.Account, "set_by": personal.Trace, "set_at": personal.Trace},
		Plain:      []string{"person_id"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Nobody},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:       "account_mailbox",
		Subjects:   []string{"person_id"},
		Secret:     []string{"address"},
		Personal:   map[string]personal.Category{"address": personal.Contact, "since": personal.Trace},
		Plain:      []string{"person_id"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Nobody},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:       "account_home",
		Subjects:   []string{"person_id", "allowed_by"},
		Personal:   map[string]personal.Category{"allowed_at": personal.Trace, "suspected_at": personal.Trace},
		Plain:      []string{"person_id", "allowed_by"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Teachers, personal.Heads, personal.Guardians},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:       "account_class_door",
		Subjects:   []string{"child_id"},
		Secret:     []string{"token"},
		Personal:   map[string]personal.Category{"made_by": personal.Trace, "made_at": personal.Trace, "post": personal.Trace, "suspected_at": personal.Trace},
		Keys:       []string{"post_at"},
		Plain:      []string{"token", "id", "class_id", "child_id", "tablet", "name", "expires_at", "post_at"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Heads, personal.Teachers},
		Retention:  personal.Retention{From: "expires_at"},
	},
	{
		Name:     "account_network",
		Personal: map[string]personal.Category{"kept_by": personal.Trace, "kept_at": personal.Trace},
		Plain:    []string{"id", "school_id", "network"},
		School:   "school_id = $1",
		Purpose:  personal.Security, Recipients: []personal.Recipient{personal.Heads},
	},
	{
		Name:     "account_network_only",
		Personal: map[string]personal.Category{"set_by": personal.Trace, "set_at": personal.Trace},
		Plain:    []string{"school_id", "refused_at"},
		School:   "school_id = $1",
		Purpose:  personal.Security, Recipients: []personal.Recipient{personal.Heads},
	},
	{
		Name:       "account_knock",
		Plain:      []string{"place", "whose", "in_since", "until_at"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Nobody},
		Retention:  personal.Retention{From: "until_at"},
	},
	{
		Name:       "account_attempt",
		Plain:      []string{"key", "free_at"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Nobody},
		Retention:  personal.Retention{From: "free_at"},
	},
}

// Erase deletes a person's account, with the login that a merge closed, and
// keeps the last number of their stems under a HMAC: a login is never given
// to somebody else.
func (a *Accounts) Erase(tx *db.Tx, person school.ID) error {
	if _, err := a.forgetMerged(tx, mergedInto, person); err != nil {
		return err
	}
	if err := a.endSuspected(tx, person, audit.By{}); err != nil { // nobody is left to say that it was them
		return err
	}
	if err := a.retire(tx, person); err != nil {
		return err
	}
	return a.Tables.Erase(tx, person)
}

// mergedInto finds the merges into a person, and into whoever was merged into
// them.
const mergedInto = `gone_id IN (WITH RECURSIVE before (id) AS (
	SELECT gone_id FROM account_merge WHERE kept_id = $1
	UNION SELECT m.gone_id FROM account_merge m JOIN before b ON m.kept_id = b.id) SELECT id FROM before)`

// retire keeps the numbers of a person's login from being given again.
func (a *Accounts) retire(tx *db.Tx, person school.ID) error {
	logins, err := db.All(tx, scanLogin, `SELECT stem, number FROM account_account WHERE person_id = $1`, person)
	if err != nil {
		return err
	}
	for _, login := range logins {
		_, err := tx.Exec(`INSERT INTO account_retired (stem, last) VALUES ($1, $2)
			ON CONFLICT (stem) DO UPDATE SET last = excluded.last WHERE account_retired.last < excluded.last`,
			a.stemMAC(login.Stem), login.Number)
		if err != nil {
			return err
		}
	}
	return nil
}

// Purge forgets what is past its term, with the logins that merges closed.
func (a *Accounts) Purge(tx *db.Tx) (int64, error) {
	forgotten, err := a.forgetMerged(tx, `merged_at < $1`, db.At(tx.Now.Add(-mergeKept)))
	if err != nil {
		return forgotten, err
	}
	count, err := a.Tables.Purge(tx)
	return forgotten + count, err
}
