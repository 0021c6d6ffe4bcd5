package account

import (
	"slices"
	"testing"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// merge makes one account of two.
func (h house) merge(kept, other school.ID) (c Choice) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		c, err = h.Merge(tx, kept, other, audit.By{Actor: head, Request: "merge"})
		return err
	})
	return c
}

func (h house) unmerge(kept, other school.ID) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error { return h.Unmerge(tx, kept, other, audit.By{Actor: head, Request: "merge"}) })
}

// enters tells whose account a login and its password open; 0 is nobody's.
func (h house) enters(login, password string) school.ID {
	h.t.Helper()
	opened, err := h.signIn(login, password)
	if err != nil && !fail.Is(err, fail.Invalid) {
		h.t.Fatal(err)
	}
	return opened.Person
}

func TestWhichLoginStays(t *testing.T) {
	for name, c := range map[string]struct {
		kept, other bool // they have a password
		stays       string
		crossed     bool
	}{
		"neither was used":    {false, false, "zoe.martin", false},
		"the first was used":  {true, false, "zoe.martin", false},
		"the second was used": {false, true, "claude.martin", true},
		"both were used":      {true, true, "zoe.martin", false},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(h house) {
				if c.kept {
					h.activate(zoe)
				}
				if c.other {
					h.activate(claude)
				}
				got := h.merge(zoe, claude)
				if got.Stays.String() != c.stays || got.Crossed != c.crossed || got.Active != (c.kept || c.other) {
					h.t.Errorf("%+v", got)
				}
				for login, used := range map[string]bool{"zoe.martin": c.kept, "claude.martin": c.other} {
					want := school.ID(0)
					if login == c.stays && used {
						want = zoe
					}
					if got := h.enters(login, good); got != want {
						h.t.Errorf("merged, %s enters as %d, want %d", login, got, want)
					}
				}
				h.unmerge(zoe, claude)
				for login, want := range map[string]school.ID{"zoe.martin": zoe, "claude.martin": claude} {
					if used := map[school.ID]bool{zoe: c.kept, claude: c.other}[want]; !used {
						want = 0
					}
					if got := h.enters(login, good); got != want {
						h.t.Errorf("undone, %s enters as %d, want %d", login, got, want)
					}
				}
			})
		})
	}
}

// What was handed out or opened for the record that goes opens nothing of the
// person, neither after the merge nor after its undoing.
func TestNothingOfTheOtherAccountOpensThePerson(t *testing.T) {
	each(t, func(h house) {
		zoes, claudes := h.activate(zoe), h.activate(claude)
		slip := h.code(claude)
		h.merge(zoe, claude)
		if _, err := h.resolve(claudes.Token); !fail.Is(err, fail.SignIn) {
			h.t.Errorf("a session of the record that went: %v", err)
		}
		if s, err := h.resolve(zoes.Token); err != nil || s.Person != zoe {
			h.t.Errorf("the person's own session: %v", err)
		}
		for _, login := range []string{"claude.martin", "zoe.martin"} {
			if _, err := h.Activate(h.t.Context(), login, slip.Text, good+" x", home); said(err) != said(wrongCode()) {
				h.t.Errorf("the slip of the record that went, with %s: %v", login, err)
			}
		}
		h.write(func(tx *db.Tx) error {
			if _, err := h.IssueCode(tx, claude, audit.By{Actor: head, Request: "x"}, SlipLife); !fail.Is(err, fail.NotFound) {
				h.t.Errorf("a code for the login that closed: %v", err)
			}
			return nil
		})
		h.unmerge(zoe, claude)
		for _, token := range []string{zoes.Token, claudes.Token} {
			if _, err := h.resolve(token); !fail.Is(err, fail.SignIn) {
				h.t.Errorf("a session of before the undoing: %v", err)
			}
		}
		if acts := h.journalled(); !slices.Contains(acts, "account.merge") || !slices.Contains(acts, "account.unmerge") {
			h.t.Errorf("journalled: %v", acts)
		}
	})
}

// A merge makes more of a person than either record was: the slip of each, made
// for one of the two, opens neither.
func TestNoSlipOutlivesAMerge(t *testing.T) {
	each(t, func(h house) {
		slips := []Code{h.code(zoe), h.code(claude)}
		h.merge(zoe, claude)
		for _, slip := range slips {
			for _, login := range []string{"zoe.martin", "claude.martin"} {
				if _, err := h.Activate(h.t.Context(), login, slip.Text, good, home); said(err) != said(wrongCode()) {
					h.t.Errorf("the slip of %s, with %s: %v", slip.Login, login, err)
				}
			}
		}
		after := h.code(zoe)
		if _, err := h.Activate(h.t.Context(), after.Login.String(), after.Text, good, home); err != nil {
			h.t.Errorf("a slip of after the merge: %v", err)
		}
	})
}

// The slip of a login that was never used does not open the other one, whose
// password somebody chose.
func TestASlipDoesNotTakeAnActiveAccountOver(t *testing.T) {
	each(t, func(h house) {
		slip := h.code(zoe)
		h.activate(claude)
		if c := h.merge(zoe, claude); !c.Crossed {
			h.t.Fatalf("%+v", c)
		}
		for _, login := range []string{"zoe.martin", "claude.martin"} {
			if _, err := h.Activate(h.t.Context(), login, slip.Text, good+" x", home); said(err) != said(wrongCode()) {
				h.t.Errorf("with %s: %v", login, err)
			}
		}
		if got := h.enters("claude.martin", good); got != zoe {
			h.t.Errorf("the password that works enters as %d", got)
		}
	})
}

// Whose account was disabled does not come back in by being found twice.
func TestADisabledAccountStaysShut(t *testing.T) {
	each(t, func(h house) {
		h.activate(zoe)
		h.activate(gone)
		h.write(func(tx *db.Tx) error { return h.Disable(tx, gone, audit.By{Actor: head, Request: "x"}) })
		if c := h.merge(zoe, gone); !c.Shut {
			h.t.Errorf("%+v", c)
		}
		if got := h.enters("zoe.martin", good); got != 0 {
			h.t.Errorf("the other login enters as %d", got)
		}
		h.unmerge(zoe, gone)
		if got := h.enters("zoe.martin", good); got != zoe {
			h.t.Errorf("undone, it enters as %d", got)
		}
		if got := h.enters("leo.petit", good); got != 0 {
			h.t.Errorf("undone, the disabled one enters as %d", got)
		}
		h.merge(zoe, claude)
		h.at(h.now().Add(time.Minute))
		h.write(func(tx *db.Tx) error { return h.Disable(tx, zoe, audit.By{Actor: head, Request: "x"}) })
		h.unmerge(zoe, claude)
		if got := h.enters("zoe.martin", good); got != 0 {
			h.t.Errorf("disabled since, it enters as %d", got)
		}
	})
}

// A login that a merge closed is erased once nobody can undo it, or with the
// person, and is never given again.
func TestTheOtherLoginIsForgotten(t *testing.T) {
	for name, forget := range map[string]func(h house){
		"at term": func(h house) {
			h.at(h.now().Add(mergeKept + time.Second))
			h.write(func(tx *db.Tx) error { _, err := h.Purge(tx); return err })
		},
		"with the person": func(h house) {
			h.write(func(tx *db.Tx) error { return h.Erase(tx, zoe) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(h house) {
				h.merge(zoe, claude)
				forget(h)
				h.write(func(tx *db.Tx) error {
					rows, err := h.Export(tx, claude)
					if len(rows) != 0 {
						h.t.Errorf("left: %v", rows)
					}
					if _, again := h.Add(tx, 9, "claude.martin"); !fail.Is(again, fail.Conflict) {
						h.t.Errorf("the login is given again: %v", again)
					}
					return err
				})
			})
		})
	}
}

// Somebody without an account takes the one of the other record.
func TestOneAccountForTwoRecords(t *testing.T) {
	each(t, func(h house) {
		h.activate(zoe)
		if c := h.merge(9, zoe); !c.Crossed || c.Closes != (Login{}) {
			h.t.Errorf("%+v", c)
		}
		if got := h.enters("zoe.martin", good); got != 9 {
			h.t.Errorf("it enters as %d", got)
		}
		h.unmerge(9, zoe)
		if got := h.enters("zoe.martin", good); got != zoe {
			h.t.Errorf("undone, it enters as %d", got)
		}
		if c := h.merge(9, 10); c != (Choice{}) {
			h.t.Errorf("of two without an account: %+v", c)
		}
		h.unmerge(9, 10)
		h.write(func(tx *db.Tx) error {
			if _, err := h.Merge(tx, head, zoe, audit.By{Request: "x"}); err != nil {
				return err
			}
			if err := h.Erase(tx, head); err != nil {
				return err
			}
			if err := h.Unmerge(tx, head, zoe, audit.By{Request: "x"}); err != nil {
				h.t.Errorf("what was erased is nothing to undo: %v", err)
			}
			return nil
		})
	})
}

// A freeze goes with the account that was frozen when a merge is undone: what somebody
// shuts since is not opened as frozen.
func TestAnUndoneMergeLeavesNoFreeze(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude)
		h.activate(gone)
		h.activate(head)
		h.write(func(tx *db.Tx) error { return h.ContestFor(tx, gone, audit.By{Actor: head, Request: "test"}) })
		h.write(func(tx *db.Tx) error {
			_, err := h.Merge(tx, claude, gone, audit.By{Actor: head, Request: "test"})
			return err
		})
		h.write(func(tx *db.Tx) error { return h.Unmerge(tx, claude, gone, audit.By{Actor: head, Request: "test"}) })
		h.write(func(tx *db.Tx) error {
			accounts, err := Of(tx, claude, gone)
			if !accounts[claude].Frozen.At.IsZero() || accounts[gone].Frozen.At.IsZero() {
				h.t.Errorf("frozen: %+v, %+v", accounts[claude].Frozen, accounts[gone].Frozen)
			}
			return err
		})
		h.write(func(tx *db.Tx) error { return h.Disable(tx, head, audit.By{Request: "test"}) })
		h.write(func(tx *db.Tx) error { _, err := h.Merge(tx, claude, head, audit.By{Request: "test"}); return err })
		err := h.d.Write(h.t.Context(), func(tx *db.Tx) error { return h.Reopen(tx, claude, audit.By{Actor: head, Request: "test"}) })
		wants(h.t, "shut by an operator", err, fail.NotFound)
	})
}

// The second factor that the person kept of their other record goes back with its
// login, unless it was removed since; one that was added since stays.
func TestAnUndoneMergeGivesTheFactorBack(t *testing.T) {
	for name, c := range map[string]struct {
		since       func(h house)
		kept, other int // how many factors each has then
		codes       int // that the other has
	}{
		"nothing since": {func(house) {}, 0, 1, recoveryCodes},
		"another was added": {func(h house) {
			h.write(func(tx *db.Tx) error {
				_, err := tx.Exec(`INSERT INTO account_factor (id, person_id, kind, name, made_at) VALUES (7, $1, 'passkey', '', $2)`, zoe, db.At(tx.Now))
				return err
			})
		}, 1, 1, recoveryCodes},
		"it was removed": {func(h house) {
			h.write(func(tx *db.Tx) error { return h.ResetFactors(tx, zoe, audit.By{Actor: head, Request: "test"}) })
		}, 0, 0, 0},
		"its codes were made again": {func(h house) {
			h.write(func(tx *db.Tx) error { _, err := h.drawRecovery(tx, zoe); return err })
		}, 0, 1, 0},
		"the person was merged again, and that undone": {func(h house) {
			h.activate(head)
			h.merge(head, zoe)
			h.unmerge(head, zoe)
		}, 0, 1, recoveryCodes},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(h house) {
				h.activate(zoe)
				secret, _ := h.protected(claude)
				if c := h.merge(zoe, claude); c.Crossed {
					h.t.Fatalf("%+v", c)
				}
				if opened, err := h.prove(h.halfIn("zoe.martin").Token, h.shown(secret, h.now())); err != nil || opened.Person != zoe {
					h.t.Errorf("merged: %+v, %v", opened, err)
				}
				h.at(h.now().Add(time.Minute))
				c.since(h)
				h.unmerge(zoe, claude)
				h.write(func(tx *db.Tx) error {
					for person, want := range map[school.ID]int{zoe: c.kept, claude: c.other} {
						if factors, err := FactorsOf(tx, person); err != nil || len(factors) != want {
							h.t.Errorf("undone, %d has %+v, want %d; %v", person, factors, want, err)
						}
					}
					for person, want := range map[school.ID]int{zoe: 0, claude: c.codes} {
						if n, err := RecoveryLeft(tx, person); err != nil || n != want {
							h.t.Errorf("undone, %d has %d recovery codes, want %d; %v", person, n, want, err)
						}
					}
					return nil
				})
				if c.other == 0 {
					return
				}
				if opened, err := h.prove(h.halfIn("claude.martin").Token, h.shown(secret, h.now())); err != nil || opened.Person != claude {
					h.t.Errorf("undone: %+v, %v", opened, err)
				}
			})
		})
	}
}

// What a school does because somebody else may be in does for the logins that merges
// closed too: an undoing gives none of them back with a password that they may know.
func TestAnUndoneMergeGivesNoPasswordBackThatWasReset(t *testing.T) {
	for name, c := range map[string]struct {
		since func(h house, tx *db.Tx) error
		want  school.ID // whom the login that had closed opens
	}{
		"nothing": {func(house, *db.Tx) error { return nil }, claude},
		"renewed": {func(h house, tx *db.Tx) error {
			return h.RenewAll(tx, []school.ID{zoe}, audit.By{Actor: head, Request: "test"}, false)
		}, 0},
		"disabled and enabled": {func(h house, tx *db.Tx) error {
			if err := h.Disable(tx, zoe, audit.By{Actor: head, Request: "test"}); err != nil {
				return err
			}
			return h.Enable(tx, zoe, audit.By{Actor: head, Request: "test"})
		}, 0},
		"contested": {func(h house, tx *db.Tx) error { return h.ContestFor(tx, zoe, audit.By{Actor: head, Request: "test"}) }, 0},
		"contested and reopened": {func(h house, tx *db.Tx) error {
			if err := h.ContestFor(tx, zoe, audit.By{Actor: head, Request: "test"}); err != nil {
				return err
			}
			return h.Reopen(tx, zoe, audit.By{Actor: head, Request: "test"})
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(h house) {
				h.activate(zoe)
				h.activate(claude)
				h.merge(zoe, claude)
				h.at(h.now().Add(time.Minute))
				h.write(func(tx *db.Tx) error { return c.since(h, tx) })
				h.unmerge(zoe, claude)
				if got := h.enters("claude.martin", good); got != c.want {
					h.t.Errorf("undone, it enters as %d, want %d", got, c.want)
				}
				code := h.code(claude)
				if opened, err := h.Activate(h.t.Context(), "claude.martin", code.Text, good, home); err != nil || opened.Person != claude {
					h.t.Errorf("with a new code: %+v, %v", opened, err)
				}
			})
		})
	}
}

// Nor does it where the account was frozen already when its person was found twice.
func TestReopeningEndsThePasswordOfBothLogins(t *testing.T) {
	each(t, func(h house) {
		h.activate(zoe)
		h.activate(claude)
		h.write(func(tx *db.Tx) error { return h.ContestFor(tx, zoe, audit.By{Actor: head, Request: "test"}) })
		h.merge(zoe, claude)
		h.write(func(tx *db.Tx) error { return h.Reopen(tx, zoe, audit.By{Actor: head, Request: "test"}) })
		h.unmerge(zoe, claude)
		if got := h.enters("claude.martin", good); got != 0 {
			h.t.Errorf("undone, it enters as %d", got)
		}
	})
}
