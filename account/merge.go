package account

import (
	"maps"
	"slices"
	"strings"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// mergeKept is how long the login that a merge closed is kept, for its undoing.
const mergeKept = directory.MergeUndoable

// Choice says what a merge makes of two logins. Either may be nobody's.
type Choice struct {
	Stays  Login
	Closes Login
	// Crossed tells that the login of the record that goes is the one that
	// stays.
	Crossed bool
	// Active tells that the login that stays has a password; Shut, that it is
	// disabled, because one of the two was.
	Active, Shut bool
}

// Choose tells which login stays when gone is merged into kept: one with a
// password before one that was never used, else that of kept.
func Choose(tx *db.Tx, kept, gone school.ID) (Choice, error) {
	accounts, err := Of(tx, kept, gone)
	if err != nil {
		return Choice{}, err
	}
	k, hasKept := accounts[kept]
	g, hasGone := accounts[gone]
	c := Choice{
		Stays: k.Login, Closes: g.Login, Active: !k.Activated.IsZero(),
		Shut: !k.Disabled.IsZero() || !g.Disabled.IsZero(),
	}
	if hasGone && (!hasKept || k.Activated.IsZero() && !g.Activated.IsZero()) {
		c.Stays, c.Closes, c.Crossed, c.Active = g.Login, k.Login, true, !g.Activated.IsZero()
	}
	return c, nil
}

// Merge makes one account of the two of a person, as [Choose] says.
// The login that closes opens nothing any more and is given to nobody else.
// The code of either ends, as it was made for less than the person is now; the
// sessions of the record that goes end, and those of kept when its login
// closes. Where one of the two was disabled, so is the one that
// stays: nobody comes back in by being found twice.
//
// Whoever is written to about either is told of it: it comes before the merge
// of the records, while the register knows the addresses of both.
func (a *Accounts) Merge(tx *db.Tx, kept, gone school.ID, by audit.By) (Choice, error) {
	c, err := Choose(tx, kept, gone)
	if err != nil || c.Stays == (Login{}) {
		return c, err
	}
	accounts, err := Of(tx, kept, gone)
	if err != nil {
		return c, err
	}
	if _, err := tx.Exec(`INSERT INTO account_merge (gone_id, kept_id, merged_at, crossed, kept_disabled_at, gone_disabled_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, gone, kept, db.At(tx.Now), c.Crossed,
		db.At(accounts[kept].Disabled), db.At(accounts[gone].Disabled)); err != nil {
		return c, err
	}
	if err := endCode(tx, kept); err != nil {
		return c, err
	}
	if err := carry(tx, kept, gone); err != nil {
		return c, err
	}
	if err := endLogin(tx, gone); err != nil {
		return c, err
	}
	if c.Crossed {
		if err := endLogin(tx, kept); err != nil {
			return c, err
		}
		if err := a.cross(tx, kept, gone); err != nil {
			return c, err
		}
	}
	if !c.Crossed { // they followed the login
		if err := a.keepFactor(tx, kept, gone); err != nil {
			return c, err
		}
	}
	if _, err := tx.Exec(`UPDATE account_account SET disabled_at = $2 WHERE person_id = $1`, gone, db.At(tx.Now)); err != nil {
		return c, err
	}
	if c.Shut {
		frozen := accounts[kept].Frozen
		if frozen.At.IsZero() && accounts[kept].Disabled.IsZero() { // who was shut for another reason is not opened as frozen
			frozen = accounts[gone].Frozen
		}
		if _, err := tx.Exec(`UPDATE account_account SET disabled_at = $2, frozen_at = $3, frozen_why = $4, frozen_from = $5 WHERE person_id = $1`,
			kept, db.At(tx.Now), db.At(frozen.At), string(frozen.Why), frozen.From); err != nil {
			return c, err
		}
		for _, record := range []school.ID{kept, gone} {
			if err := a.withhold(tx, record); err != nil {
				return c, err
			}
		}
	}
	for _, subject := range []school.ID{gone, kept} {
		if err := a.journalAccount(tx, audit.Entry{By: by, Action: actMerge, Object: kept, Subject: subject}); err != nil {
			return c, err
		}
	}
	if err := endJoinings(tx, kept, gone); err != nil {
		return c, err
	}
	return c, a.announceMerge(tx, kept, gone)
}

// announceMerge tells of a merge at the addresses of both records, once at one
// that they share.
func (a *Accounts) announceMerge(tx *db.Tx, kept, gone school.ID) error {
	first := ""
	for _, record := range []school.ID{kept, gone} {
		to, err := a.box(tx, record, told)
		if err != nil {
			return err
		}
		if to == "" || strings.EqualFold(to, first) {
			continue
		}
		first = to
		if err := a.tell(tx, kept, to, accountsMerged, Origin{}); err != nil {
			return err
		}
	}
	return nil
}

// keepFactor gives the person the second factor that one of their two records
// had: where the login that stays had none, what the other opened would be
// without. The merge notes which it took.
func (a *Accounts) keepFactor(tx *db.Tx, kept, gone school.ID) error {
	has, err := HasFactor(tx, kept)
	if err != nil || has {
		return err
	}
	taken, err := a.giveFactors(tx, gone, kept, ``)
	if err != nil || len(taken) == 0 {
		return err
	}
	if _, err := tx.Exec(`UPDATE account_merge SET factors = $2 WHERE gone_id = $1`, gone, db.In(taken)); err != nil {
		return err
	}
	return closeAll(tx, kept, 0)
}

// giveBack gives the factors that a merge took back to whose they were, but those
// that were removed since. With them come their recovery codes, which opened nothing
// meanwhile, unless others were made in their place.
func (a *Accounts) giveBack(tx *db.Tx, kept, gone school.ID, taken string) error {
	drawn, err := RecoveryLeft(tx, kept)
	if err != nil {
		return err
	}
	left, err := a.giveFactors(tx, kept, gone, ` AND id IN (`+taken+`)`)
	if err != nil {
		return err
	}
	if len(left) == 0 || drawn > 0 {
		if err := endRecovery(tx, gone); err != nil {
			return err
		}
	}
	has, err := HasFactor(tx, kept)
	if err != nil || has {
		return err
	}
	return endRecovery(tx, kept)
}

// endWays ends the codes, the pictures, the badge and the sessions of a person, and forgets
// their devices.
func endWays(tx *db.Tx, person school.ID) error {
	if err := endPictures(tx, person); err != nil {
		return err
	}
	if err := endBadge(tx, person); err != nil {
		return err
	}
	if err := forgetDevices(tx, person); err != nil {
		return err
	}
	return end(tx, person)
}

// endLogin is endWays for a login that closes or changes hands: its links of contest are
// nobody's any more.
func endLogin(tx *db.Tx, person school.ID) error {
	if err := endContests(tx, person); err != nil {
		return err
	}
	return endWays(tx, person)
}

// cross gives each of two people the account of the other, with its second
// factors but the recovery codes, which are bound to a person. A number below zero is nobody's.
func (a *Accounts) cross(tx *db.Tx, one, other school.ID) error {
	for _, person := range []school.ID{one, other} {
		if err := endRecovery(tx, person); err != nil {
			return err
		}
	}
	if err := a.crossFactors(tx, one, other); err != nil {
		return err
	}
	for _, step := range [][2]school.ID{{one, -one}, {other, one}, {-one, other}} {
		if _, err := tx.Exec(`UPDATE account_account SET person_id = $2 WHERE person_id = $1`, step[0], step[1]); err != nil {
			return err
		}
	}
	return nil
}

// endMerged ends the passwords of the logins that merges into somebody closed: who
// may know that of the person may know these, and an undoing would open them.
func endMerged(tx *db.Tx, person school.ID) error {
	_, err := tx.Exec(`UPDATE account_account SET `+unopened+`
		WHERE person_id IN (SELECT gone_id FROM account_merge WHERE `+mergedInto+`)`, person)
	return err
}

// Unmerge gives two people their logins again, each with the password that it
// has now: the one that had closed has none where the school has since shut the
// account that stayed, or reset its password. All their sessions and codes end: who was in as both signs in
// again. One that was disabled since stays so. A login that was erased since
// is fail.Conflict.
//
// Whoever is written to about either is told of it: it comes after the records
// are two again, each with its address.
func (a *Accounts) Unmerge(tx *db.Tx, kept, gone school.ID, by audit.By) error {
	var crossed bool
	var taken, moved string
	var at, keptOff, goneOff db.Time
	err := tx.Get([]any{&crossed, &taken, &moved, &at, &keptOff, &goneOff}, `SELECT crossed, factors, carried, merged_at, kept_disabled_at, gone_disabled_at
		FROM account_merge WHERE gone_id = $1 AND kept_id = $2`, gone, kept)
	if fail.Is(err, fail.NotFound) {
		return endLogin(tx, kept) // neither had a login then
	}
	if err != nil {
		return err
	}
	accounts, err := Of(tx, kept)
	if err != nil {
		return err
	}
	now, has := accounts[kept]
	if !has {
		return fail.New(fail.Conflict, "the account of %d is gone", kept).Say("account.unmerge-erased")
	}
	off := func(before db.Time) db.Time {
		if now.Disabled.IsZero() || now.Disabled.After(at.Time) { // since, by somebody
			return db.At(now.Disabled)
		}
		return before
	}
	for _, person := range []school.ID{kept, gone} {
		if err := endLogin(tx, person); err != nil {
			return err
		}
	}
	if crossed {
		if err := a.cross(tx, kept, gone); err != nil {
			return err
		}
		goneOff = off(goneOff)
	} else {
		keptOff = off(keptOff)
	}
	if taken != "" {
		if err := a.giveBack(tx, kept, gone, taken); err != nil {
			return err
		}
	}
	if err := carryBack(tx, kept, gone, moved, at); err != nil {
		return err
	}
	switch { // whose account is shut answers for what is suspended
	case goneOff.IsZero() && !keptOff.IsZero():
		err = giveSuspected(tx, gone, kept)
	case keptOff.IsZero() && !goneOff.IsZero():
		err = giveSuspected(tx, kept, gone)
	}
	if err != nil {
		return err
	}
	disabled := map[school.ID]db.Time{kept: keptOff, gone: goneOff}
	for _, person := range slices.Sorted(maps.Keys(disabled)) {
		change := `disabled_at = $2`
		if disabled[person].IsZero() { // the freeze was the other's
			change += `, ` + thawed
		}
		if _, err := tx.Exec(`UPDATE account_account SET `+change+` WHERE person_id = $1`, person, disabled[person]); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`DELETE FROM account_merge WHERE gone_id = $1`, gone); err != nil {
		return err
	}
	for _, subject := range []school.ID{gone, kept} {
		if err := a.journalAccount(tx, audit.Entry{By: by, Action: actUnmerge, Object: kept, Subject: subject}); err != nil {
			return err
		}
	}
	return a.announceParting(tx, kept, gone)
}

// announceParting tells each of two people who were one which login is theirs
// again, at the address of each.
func (a *Accounts) announceParting(tx *db.Tx, kept, gone school.ID) error {
	accounts, err := Of(tx, kept, gone)
	if err != nil {
		return err
	}
	for _, person := range []school.ID{kept, gone} {
		if _, has := accounts[person]; !has {
			continue
		}
		if err := a.announce(tx, person, accountsParted, Origin{}); err != nil {
			return err
		}
	}
	return nil
}

// forgetMerged erases the logins that merges closed, once they can no longer
// be undone or with the person: they stay retired.
func (a *Accounts) forgetMerged(tx *db.Tx, where string, arg any) (int64, error) {
	closed, err := db.All(tx, db.Column[school.ID], `SELECT gone_id FROM account_merge WHERE `+where, arg)
	if err != nil {
		return 0, err
	}
	for _, gone := range closed {
		if err := a.retire(tx, gone); err != nil {
			return 0, err
		}
		for _, table := range []string{"account_factor", "account_recovery", "account_account"} {
			if _, err := tx.Exec(`DELETE FROM `+table+` WHERE person_id = $1`, gone); err != nil {
				return 0, err
			}
		}
		if _, err := tx.Exec(`DELETE FROM account_merge WHERE gone_id = $1`, gone); err != nil {
			return 0, err
		}
	}
	return int64(len(closed)), nil
}

// Merged tells what a merge that was not undone made of two logins. The zero
// Choice: neither had one, or what was kept of it is past its term.
func Merged(tx *db.Tx, kept, gone school.ID) (Choice, error) {
	crossed, err := db.One(tx, db.Column[bool], `SELECT crossed FROM account_merge WHERE gone_id = $1 AND kept_id = $2`, gone, kept)
	if fail.Is(err, fail.NotFound) {
		return Choice{}, nil
	}
	if err != nil {
		return Choice{}, err
	}
	accounts, err := Of(tx, kept, gone)
	stays := accounts[kept]
	return Choice{
		Stays: stays.Login, Closes: accounts[gone].Login, Crossed: crossed,
		Active: !stays.Activated.IsZero(), Shut: !stays.Disabled.IsZero(),
	}, err
}
