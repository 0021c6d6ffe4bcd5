package account

import (
	"fmt"
	"strings"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// How long a code may be used: a slip that goes home in a school bag, and a
// link that an operator opens at once.
const (
	SlipLife = 30 * 24 * time.Hour
	LinkLife = 24 * time.Hour
	mailLife = 30 * time.Minute // of a link that anybody may have asked for
)

// kind tells the codes of a person apart. A stranger who says that they forgot
// a password must not end the code of the letter that the school printed, so that
// each kind has a row; choosing a password ends both.
type kind string

const (
	slip   kind = "slip" // that somebody handed out
	mailed kind = "mail" // that the person asked for, and got by mail
)

// A code is drawn from the digits and letters that are not mistaken for one
// another when read from paper, without vowels, so that it spells nothing:
// 12 of 28 are 57 bits.
const (
	codeAlphabet = "23456789BCDFGHJKMNPQRSTVWXYZ"
	codeSize     = 12
	codeGroup    = 4
)

// Code is an activation code as it is handed out, once: nobody can read it
// again.
type Code struct {
	Login   Login
	Text    string // "K7QX-M3PZ-9RTB"
	Expires time.Time
}

// Last is the last moment of a code, by which its last day is said.
func (c Code) Last() time.Time { return school.LastDay(c.Expires) }

// Warrant is by what somebody hands codes out.
type Warrant struct {
	audit.By
	Loan  school.ID // under which they may: its codes open nothing once it is over; 0 for whoever may by themselves
	Until time.Time // when they may no more, and the code ends at the latest; zero: not known
	// As and At are the post by which they may when it has an end: its codes open
	// nothing either once it is over, be it before its day.
	As school.Profile
	At school.ID
}

// ends tells that the post of a warrant has an end.
func (w Warrant) ends() bool { return !w.Until.IsZero() }

// ByPost is the warrant of whoever hands codes out by a post of a profile that reaches a
// structure.
func ByPost(tx *db.Tx, by audit.By, as school.Profile, at school.ID) (w Warrant, err error) {
	w.By = by
	w.Until, err = directory.EndOf(tx, by.Actor, as, at)
	if fail.Is(err, fail.NotFound) { // a class of where they have no post
		err = nil
	}
	if !w.Until.IsZero() {
		w.As, w.At = as, at
	}
	return w, err
}

// ByPostIn is [ByPost] of what is handed out in a class: a teacher who has it until a day
// that is before the end of their post has nothing in it after that.
func ByPostIn(tx *db.Tx, by audit.By, as school.Profile, at, class school.ID) (Warrant, error) {
	w, err := ByPost(tx, by, as, at)
	if err != nil || class == 0 || as != school.Teacher || w.Until.IsZero() {
		return w, err
	}
	end, err := directory.TaughtUntil(tx, by.Actor, class)
	if !end.IsZero() && end.Before(w.Until) {
		w.Until = end
	}
	return w, err
}

// Link is the local address that fills the form of activation. The login and
// the code stand after the #: browsers keep that part for themselves, so that
// no log, no proxy and no other site's Referer ever has it. Without scripts
// the form is empty, and one types what is printed beside the link.
func (c Code) Link() string { return "/activate#" + c.Login.String() + "/" + c.Text }

// IssueCode makes the code with which a person chooses a password, the first
// or a new one, and gives it to be handed out. It replaces the one they had.
// A person without an account, or whose account is disabled, is
// fail.NotFound.
func (a *Accounts) IssueCode(tx *db.Tx, person school.ID, by audit.By, life time.Duration) (Code, error) {
	return a.issue(tx, slip, person, Warrant{By: by}, life)
}

// IssueSlip is [Accounts.IssueCode] of the code of a slip that is handed out by a
// warrant, to whoever is old enough: see [Grown].
func (a *Accounts) IssueSlip(tx *db.Tx, person school.ID, by Warrant) (Code, error) {
	if err := Grown(tx, person); err != nil {
		return Code{}, fmt.Errorf("issuing a code to %d: %w", person, err)
	}
	return a.issue(tx, slip, person, by, SlipLife)
}

// Grown refuses a pupil of maternelle, who has no password: they come in by the door
// of their class, with pictures or a badge. It is fail.Conflict.
func Grown(tx *db.Tx, person school.ID) error {
	young, err := directory.IsYoung(tx, person)
	if err == nil && young {
		err = fail.New(fail.Conflict, "%d is a pupil of maternelle", person).Say("account.no-code-young")
	}
	return err
}

func (a *Accounts) issue(tx *db.Tx, as kind, person school.ID, by Warrant, life time.Duration) (Code, error) {
	login, err := db.One(tx, scanLogin,
		`SELECT stem, number FROM account_account WHERE person_id = $1 AND disabled_at IS NULL`, person)
	if err != nil {
		return Code{}, fmt.Errorf("issuing a code to %d: %w", person, err)
	}
	standing, err := a.Standing(tx, person)
	if err != nil {
		return Code{}, fmt.Errorf("reading what %d is: %w", person, err)
	}
	bare := drawCode()
	c := Code{Login: login, Text: group(bare, "-"), Expires: tx.Now.Add(life)}
	if !by.Until.IsZero() && by.Until.Before(c.Expires) {
		c.Expires = by.Until
	}
	_, err = tx.Exec(`INSERT INTO account_code (person_id, kind, code, hats, made_by, made_at, expires_at, grant_id, post, post_at)
		VALUES ($1, $7, $2, $3, $4, $5, $6, $8, $9, $10)
		ON CONFLICT (person_id, kind) DO UPDATE SET code = excluded.code, hats = excluded.hats, made_by = excluded.made_by, made_at = excluded.made_at,
			expires_at = excluded.expires_at, grant_id = excluded.grant_id, post = excluded.post, post_at = excluded.post_at, suspected_at = NULL`,
		person, a.codeMAC(person, bare), strings.Join(words(standing), " "), by.Actor, db.At(tx.Now), db.At(c.Expires), string(as), orNull(by.Loan), string(by.As), orNull(by.At))
	if err != nil {
		return Code{}, fmt.Errorf("issuing a code to %d: %w", person, err)
	}
	action := ActCode
	if as == mailed {
		action = actCodeMailed
	}
	return c, a.journalAccount(tx, audit.Entry{By: by.By, Action: action, Subject: person, School: by.At})
}

// waits is the condition that a code of the table named opens something at the
// instant $1: it has not expired, and the loan under which it was handed out holds,
// or the post.
func waits(table string) string {
	loan := table + ".grant_id"
	return table + `.expires_at > $1 AND (` + loan + ` IS NULL OR ` + directory.Runs(loan) + `) AND ` + standing(table)
}

// standing is the condition that whoever made a code or a door of the table named holds
// the post still, at the instant $1, by which they did, when that has an end; and that
// it is not suspended, see [suspend].
func standing(table string) string {
	return `(` + table + `.post = '' OR ` + held(table) + `) AND ` + table + `.suspected_at IS NULL`
}

// held is the condition that whoever made a code or a door of the table named, by a post
// that has an end, holds it still at the instant $1.
func held(table string) string {
	return directory.Holds(table+".made_by", table+".post", table+".post_at")
}

// orNull is an identifier in a row, NULL for none.
func orNull(id school.ID) any {
	if id == 0 {
		return nil
	}
	return id
}

// words writes what somebody is, and where, for the row of a code: one word
// for each, the profile or what is lent, and the structure.
func words(standing []directory.Post) []string {
	words := make([]string, len(standing))
	for i, post := range standing {
		what := string(post.Profile)
		if post.Lent != "" {
			what = "lent:" + string(post.Lent)
		}
		words[i] = what + "@" + post.Structure.String()
	}
	return words
}

// codeMAC is how the database knows a code: bound to its person, so that a
// code moved to another row opens nothing.
func (a *Accounts) codeMAC(person school.ID, bare string) []byte {
	return a.Key.MAC("account code", bytesOf(person), []byte(bare))
}

func drawCode() string { return draw(codeSize) }

func draw(size int) string {
	code := dice(size, len(codeAlphabet))
	for i, side := range code {
		code[i] = codeAlphabet[side]
	}
	return string(code)
}

// group parts a code for reading.
func group(bare, mark string) string {
	var b strings.Builder
	for i, letter := range bare {
		if i > 0 && i%codeGroup == 0 {
			b.WriteString(mark)
		}
		b.WriteRune(letter)
	}
	return b.String()
}

// bareCode reads a code as people type it: in small letters, with or without
// what parts the groups. What cannot be a code gives the empty text.
func bareCode(typed string) string { return bare(typed, codeSize) }

func bare(typed string, size int) string {
	if len(typed) > maxTyped {
		return ""
	}
	text := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -–—_.\t\u00a0", r) {
			return -1
		}
		return r
	}, strings.ToUpper(typed))
	if len(text) != size || strings.Trim(text, codeAlphabet) != "" {
		return ""
	}
	return text
}

// outgrown is the error of a code whose holder is more than when it was made.
func outgrown(person school.ID) error {
	return fail.New(fail.Invalid, "%d has become more since the code was made", person).Say("account.code-outgrown").At("code")
}

func wrongCode() error {
	return fail.New(fail.Invalid, "the login or the code is wrong").Say("account.wrong-code").At("code")
}
