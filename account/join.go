package account

import (
	"cmp"
	"context"
	"crypto/hmac"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/mail"
	"preau/core/rights"
	"preau/core/school"
	"preau/directory"
	"preau/directory/feed"
)

// joinLife is how long the code may be typed that proves that another account
// is one's own; the school has the time that a slip has.
const joinLife = 10 * time.Minute

// Joining is another account that somebody has claimed to be theirs.
type Joining struct {
	Person, Other school.ID
	Made, Expires time.Time
	// Mailed tells that a code was sent to the address of the other account;
	// otherwise the school confirms, face to face.
	Mailed bool

	code []byte
}

// Claim notes which other account somebody who is in says to be theirs too, and
// asks them to prove it as [Accounts.AskJoin] does. They type its login, with the
// code of its slip or, once it has been opened, with its password. A slip proves
// nothing of an account that is in use: it would take it over.
//
// An account that may refuses to join (fail.Conflict) is told so to whoever shows its
// slip, and journalled. Who types a password learns here of none that it is right:
// a login that nobody has, a wrong password and an account that is not joined are
// one refusal (fail.Invalid) after the same work, counted as [Accounts.SignIn] does,
// and one line of their journal.
func (a *Accounts) Claim(ctx context.Context, by rights.Actor, typed, code, password string, from Origin, may func(*db.Tx, school.ID) error) error {
	claims := throttle{a.attemptKey("claim", by.Person.String()), claimRate, false}
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := claims.take(tx)
		return err
	})
	if err == nil && password != "" {
		err = a.claimOpen(ctx, by, typed, password, from, may)
	} else if err == nil {
		err = a.claimSlip(ctx, by, typed, code, from, may)
	}
	if err != nil {
		return fmt.Errorf("claiming: %w", err)
	}
	return nil
}

// claimSlip is Claim for an account that was never in use.
func (a *Accounts) claimSlip(ctx context.Context, by rights.Actor, typed, code string, from Origin, may func(*db.Tx, school.ID) error) error {
	other, err := a.Recognise(ctx, typed, code, from)
	if err != nil {
		return err
	}
	var refused error
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		accounts, err := Of(tx, other)
		if err != nil {
			return err
		}
		if !accounts[other].Activated.IsZero() {
			return fail.New(fail.Invalid, "the account of %d is in use", other).Say("account.join-open").At("password")
		}
		factor, err := HasFactor(tx, other)
		if err != nil {
			return err
		}
		if refused = may(tx, other); refused == nil && factor {
			refused = fail.New(fail.Conflict, "%s has a second factor", other).Say("directory.join-school").At("login")
		}
		switch {
		case refused == nil:
			return a.AskJoin(tx, by.Person, other, from)
		case fail.Is(refused, fail.Conflict):
			return a.noteRefused(tx, by, other, from)
		}
		return refused
	})
	return cmp.Or(err, refused)
}

// claimOpen is Claim for an account that is in use. One with a second factor is
// not claimed with a password alone. Whether it may be is asked before the
// password is tried, so that the answer takes the same time.
func (a *Accounts) claimOpen(ctx context.Context, by rights.Actor, typed, password string, from Origin, may func(*db.Tx, school.ID) error) error {
	var d door
	var joins bool
	err := a.atDoor(ctx, func(tx *db.Tx) (err error) {
		if d, err = a.approach(tx, passwordDoor, typed, from); err != nil {
			return err
		}
		factor, err := HasFactor(tx, d.person)
		if err != nil {
			return err
		}
		err = may(tx, d.person)
		if joins = err == nil && !factor; fail.Is(err, fail.Conflict) {
			err = nil
		}
		return err
	})
	if err != nil {
		return err
	}
	right, err := a.knock(ctx, d, password)
	if err != nil {
		return err
	}
	if !right || d.crowded != nil && !d.usual {
		return a.refuseClaim(ctx, by, d, 0, from)
	}
	if !joins {
		if d.knock.place != nil { // as if it were wrong
			if err := a.atDoor(ctx, func(tx *db.Tx) error { return d.knock.remember(tx, false) }); err != nil {
				return err
			}
		}
		return a.refuseClaim(ctx, by, d, cmp.Or(d.person, d.closed), from)
	}
	err = a.atDoor(ctx, func(tx *db.Tx) error {
		if err := a.admit(tx, d, from); err != nil {
			return err
		}
		return a.AskJoin(tx, by.Person, d.person, from)
	})
	if err = a.Settle(ctx, err); fail.Is(err, fail.Invalid) {
		return a.refuseClaim(ctx, by, d, 0, from)
	}
	return err
}

// refuseClaim is refuse of a claim with a password, which is the right one of known,
// unless that is 0. Whatever was typed, who claims finds one line of it among what
// the journal has of them, and it names no other account. Whose password is known is
// told, in a line that names nobody: what somebody did is in their own export.
func (a *Accounts) refuseClaim(ctx context.Context, by rights.Actor, d door, known school.ID, from Origin) error {
	err := a.atDoor(ctx, func(tx *db.Tx) error {
		if err := a.journalAccount(tx, audit.Entry{
			By: audit.By{Actor: by.Person, Profile: by.Profile, Request: from.Request}, Action: ActJoinRefused, Subject: by.Person,
		}); err != nil {
			return err
		}
		if known == 0 || known == by.Person {
			return nil
		}
		if err := a.journalAccount(tx, audit.Entry{Action: ActJoinRefused, Subject: known, By: from.by(0)}); err != nil {
			return err
		}
		return a.tellKnown(tx, by.Person, known, from)
	})
	if err != nil {
		return err
	}
	return a.refuse(ctx, d, from, wrongClaim())
}

// tellKnown tells somebody that their password was typed by whoever claimed their
// account, unless these two read one box: the one who claims would learn it there.
func (a *Accounts) tellKnown(tx *db.Tx, by, known school.ID, from Origin) error {
	boxes, err := a.Boxes(tx, by, known)
	if err != nil || strings.EqualFold(boxes[by], boxes[known]) {
		return err
	}
	to, err := a.box(tx, known, claimed)
	if err != nil || to == "" {
		return err
	}
	return a.tell(tx, known, to, passwordKnown, from)
}

func wrongClaim() error {
	return fail.New(fail.Invalid, "the login or the password is wrong, or they are not joined").Say("account.wrong-claim").At("password")
}

// noteRefused journals, about both, that somebody claimed with its slip what is not
// joined: they may hold what is not theirs.
func (a *Accounts) noteRefused(tx *db.Tx, by rights.Actor, other school.ID, from Origin) error {
	for _, subject := range []school.ID{by.Person, other} {
		if err := a.journalAccount(tx, audit.Entry{
			By: audit.By{Actor: by.Person, Profile: by.Profile, Request: from.Request}, Action: ActJoinRefused, Object: other, Subject: subject,
		}); err != nil {
			return err
		}
	}
	return nil
}

// AskJoin notes which account a person has claimed, in place of what they
// claimed before, and sends a code to the address that the register had for that
// account: to somebody else's, if the slip was. An address that was typed by
// hand proves nothing; without another, the school confirms.
func (a *Accounts) AskJoin(tx *db.Tx, person, other school.ID, from Origin) error {
	to, err := a.joinBox(tx, other)
	if err != nil {
		return err
	}
	j := Joining{Person: person, Other: other, Expires: tx.Now.Add(SlipLife), code: []byte{}}
	digits := ""
	if j.Mailed = to != ""; j.Mailed {
		digits = fmt.Sprintf("%06d", binary.BigEndian.Uint64(random(8))%1_000_000)
		j.Expires, j.code = tx.Now.Add(joinLife), a.joinMAC(j, digits)
	}
	if _, err := tx.Exec(`INSERT INTO account_join (person_id, other_id, code, made_at, expires_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person_id) DO UPDATE SET other_id = excluded.other_id, code = excluded.code, made_at = excluded.made_at,
			expires_at = excluded.expires_at`, person, other, j.code, db.At(tx.Now), db.At(j.Expires)); err != nil {
		return err
	}
	way := "school"
	if j.Mailed {
		way = "mail"
	}
	for _, subject := range []school.ID{person, other} {
		if err := a.journalAccount(tx, audit.Entry{
			By: from.by(person), Action: actJoinAsk, Object: other, Subject: subject, Detail: audit.Detail{"way": way},
		}); err != nil {
			return err
		}
	}
	if !j.Mailed {
		return nil
	}
	say, err := a.asker(tx, other, from)
	if err != nil {
		return err
	}
	return a.Mail.Outbox.Put(tx, other, mail.Message{
		To: to, Subject: say.Say("account.mail-join-subject"),
		Text: paragraphs(
			say.Say("account.mail-hello"), say.Say("account.mail-join", digits), say.Say("account.mail-join-not-you"), say.Say("account.mail-foot"),
		),
		Until: j.Expires,
	})
}

// joinBox is the address to which the code for an account goes; empty when there
// is none that proves anything: the one that an académie delivers does. A head may
// have written that of a file of ONDE, and whoever corrects somebody whose record
// has left, theirs.
func (a *Accounts) joinBox(tx *db.Tx, other school.ID) (string, error) {
	boxes, err := a.Boxes(tx, other)
	if err != nil || boxes[other] == "" {
		return "", err
	}
	by, err := feed.FeedsPerson(tx, other)
	if err != nil || by != feed.FromAcademy {
		return "", err
	}
	to, err := a.box(tx, other, joinMail)
	if err == nil && to == "" {
		err = tooMany(joinMail.every)
	}
	return to, err
}

func (a *Accounts) joinMAC(j Joining, digits string) []byte {
	return a.Key.MAC("account join", []byte(j.Person.String()), []byte(j.Other.String()), []byte(digits))
}

const joinings = `SELECT j.person_id, j.other_id, j.made_at, j.expires_at, j.code FROM account_join j WHERE j.expires_at > $1 AND `

func scanJoining(row db.Row) (j Joining, err error) {
	var made, expires db.Time
	err = row.Scan(&j.Person, &j.Other, &made, &expires, &j.code)
	j.Made, j.Expires, j.Mailed = made.Time, expires.Time, len(j.code) > 0
	return j, err
}

// JoiningOf is the account that a person has claimed and that waits; fail.NotFound
// when none does.
func JoiningOf(tx *db.Tx, person school.ID) (Joining, error) {
	return db.One(tx, scanJoining, joinings+`j.person_id = $2`, db.At(tx.Now), person)
}

// JoiningsIn lists what waits for a school to confirm, that of the account which is
// claimed, the oldest first; what does not stand any more is left out.
func JoiningsIn(tx *db.Tx, at school.ID) ([]Joining, error) {
	return db.All(tx, scanJoining, joinings+claimStands+` AND length(j.code) = 0
		AND (SELECT count(*) FROM `+ofSchools(`= $2`)+` p WHERE p.person_id = j.other_id) > 0 ORDER BY j.made_at, j.person_id`, db.At(tx.Now), at)
}

// JoinedAt lists the schools whose heads see what waits, for [JoiningsIn], by name;
// none once what was claimed does not stand any more, or the two may not be joined: a
// judge may have hidden where the other account leads.
func JoinedAt(tx *db.Tx, j Joining) ([]directory.Structure, error) {
	_, err := standingJoining(tx, j.Person)
	if err == nil {
		err = directory.MayJoin(tx, j.Person, j.Other)
	}
	if fail.Is(err, fail.NotFound) || fail.Is(err, fail.Conflict) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return directory.Structures.All(tx, `kind = 'school' AND until_at IS NULL AND id IN (SELECT p.school_id FROM `+
		ofSchools(`IN (SELECT id FROM directory_structure)`)+` p WHERE p.person_id = $2) ORDER BY name_key, id`, db.At(tx.Now), j.Other)
}

// claimStands tells that what was proved of the other account of a joining j is
// true still: its slip was neither used, nor replaced, nor is it too old; or its
// password is the same; and neither account was shut, nor has the other one a second
// factor since.
var claimStands = `EXISTS (SELECT 1 FROM account_account o JOIN account_account p ON p.person_id = j.person_id AND p.disabled_at IS NULL
	WHERE o.person_id = j.other_id AND o.disabled_at IS NULL AND NOT EXISTS (
		SELECT 1 FROM account_factor f WHERE f.person_id = o.person_id) AND (o.password_at < j.made_at OR o.activated_at IS NULL AND EXISTS (
		SELECT 1 FROM account_code c WHERE c.person_id = o.person_id AND c.made_at <= j.made_at AND ` + waits("c") + `)))`

// standingJoining reads again, for the one who decides, what a person has
// claimed: what does not stand any more is fail.NotFound.
func standingJoining(tx *db.Tx, person school.ID) (Joining, error) {
	return db.One(tx, scanJoining, joinings+claimStands+` AND j.person_id = $2`, db.At(tx.Now), person)
}

// EndJoining forgets what a person has claimed.
func EndJoining(tx *db.Tx, person school.ID) error {
	_, err := tx.Exec(`DELETE FROM account_join WHERE person_id = $1`, person)
	return err
}

// ConfirmJoin joins what a person has claimed, with the code that was sent. A
// wrong one is fail.Invalid, and by the tenth what they claimed is forgotten;
// when nothing waits, or it does not stand any more, it is fail.NotFound.
func (a *Accounts) ConfirmJoin(ctx context.Context, person school.ID, typed string, from Origin, join func(*db.Tx, Joining) error) error {
	tries := throttle{a.attemptKey("join", person.String()), joinRate, false}
	right := false
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		count, err := tries.take(tx)
		if err != nil {
			return err
		}
		j, err := standingJoining(tx, person)
		if err != nil {
			return err
		}
		digits := bareDigits(typed)
		if right = j.Mailed && digits != "" && hmac.Equal(j.code, a.joinMAC(j, digits)); right {
			if err := tries.forget(tx); err != nil {
				return err
			}
			return join(tx, j)
		}
		if count < joinRate.burst {
			return nil
		}
		if err := EndJoining(tx, person); err != nil {
			return err
		}
		return a.journalBlocked(tx, "join", person, from)
	})
	if err != nil {
		return fmt.Errorf("joining: %w", err)
	}
	if !right {
		return fail.New(fail.Invalid, "the code of a joining is wrong").Say("account.wrong-join").At("code")
	}
	return nil
}

// Join makes one person, with one account, of whoever claimed another one and of whom they
// claimed, as by decided: themself, with the code, or somebody of the school. What
// was refused when it was claimed is looked at again, with both records held: a judge
// may have decided since. Who asked may undo it, like those who undo any merge.
func (a *Accounts) Join(tx *db.Tx, f *feed.Feeder, j Joining, by audit.By) (directory.MergeAct, error) {
	if err := f.Hold(tx, j.Person, j.Other); err != nil {
		return directory.MergeAct{}, err
	}
	if err := directory.MayJoin(tx, j.Person, j.Other); err != nil {
		return directory.MergeAct{}, err
	}
	if _, err := a.Merge(tx, j.Person, j.Other, by); err != nil {
		return directory.MergeAct{}, err
	}
	act, err := f.Merge(tx, j.Person, j.Other, by.Actor)
	if err != nil {
		return act, err
	}
	act.Asked = j.Person
	return act, directory.MergeActs.Update(tx, act)
}

// endJoinings forgets what was claimed by and of some people.
func endJoinings(tx *db.Tx, people ...school.ID) error {
	in := db.In(people)
	_, err := tx.Exec(`DELETE FROM account_join WHERE person_id IN (` + in + `) OR other_id IN (` + in + `)`)
	return err
}
