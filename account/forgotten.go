package account

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/job"
	"preau/core/mail"
	"preau/core/school"
	"preau/directory"
)

// KindForgotten is the job that answers who forgot a password.
const KindForgotten job.Kind = "account.forgotten"

// question is what somebody asked, as it waits.
type question struct {
	Typed string `json:"typed"`
	From  Origin `json:"from"`
}

// Forgotten notes that somebody forgot the password of a login, or of whoever
// is written to at a mail address, and lets a job answer. Nothing is looked up
// here: whether anybody has the login or an address, whether their account is
// open, changes neither the answer nor the time that it takes. Too many questions
// are fail.TooMany, whatever they are about; one about nothing is fail.Invalid.
func (a *Accounts) Forgotten(ctx context.Context, typed string, from Origin) error {
	typed = cut(strings.TrimSpace(typed), maxTyped)
	if typed == "" {
		return fail.New(fail.Invalid, "neither a login nor an address").Say("account.forgotten-empty").At("who")
	}
	plain, err := json.Marshal(question{typed, from})
	if err != nil {
		return fmt.Errorf("asking for a password: %w", err)
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		for _, t := range []throttle{
			{a.attemptKey("forgotten from", lineOf(from.IP)), forgotFromRate, true},
			a.throttleNear("forgotten", ParseLogin(typed), strings.ToLower(typed), a.networkMAC(from), forgotRate),
		} {
			if _, err := t.take(tx); err != nil {
				return err
			}
		}
		return a.Mail.Outbox.Enqueue(tx, KindForgotten, a.Key.Seal("account forgotten", plain, nil), tx.Now, "")
	})
	if err != nil {
		return fmt.Errorf("asking for a password: %w", err)
	}
	return nil
}

// SendForgotten is the handler of [KindForgotten]: whoever has the login, or
// the address, and may be written to gets a link.
func (a *Accounts) SendForgotten(ctx context.Context, j job.Job) error {
	var sealed []byte
	var q question
	err := json.Unmarshal(j.Payload, &sealed)
	if err == nil {
		if sealed, err = a.Key.Open("account forgotten", sealed, nil); err == nil {
			err = json.Unmarshal(sealed, &q)
		}
	}
	if err != nil {
		return job.Dead(err)
	}
	if a.Mail == nil {
		return nil // from here nobody is written to, and the link would be too late
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		people, err := meant(tx, q.Typed)
		if err != nil {
			return err
		}
		return a.sendLinks(tx, people, q)
	})
}

// meant finds whom somebody may mean: by a login, its person; by an address,
// those who are written to there.
func meant(tx *db.Tx, typed string) ([]school.ID, error) {
	if strings.Contains(typed, "@") {
		return directory.AtMailbox(tx, typed)
	}
	person, err := Person(tx, typed)
	if fail.Is(err, fail.NotFound) {
		return nil, nil
	}
	return []school.ID{person}, err
}

// sendLinks sends to an address the link of each person who is written to
// there, in one message, in the language of the first of them.
func (a *Accounts) sendLinks(tx *db.Tx, people []school.ID, q question) error {
	var links []string
	var say i18n.Printer
	var first school.ID
	var to string
	var until time.Time
	for _, person := range people {
		// Who asks from a device of theirs is not kept waiting by the tries of
		// others.
		why := asked
		if known, err := a.acquaintanceOf(tx, person, q.From); err != nil {
			return err
		} else if known.device {
			why = usual
		}
		if may, err := mayAsk(tx, person); err != nil {
			return err
		} else if !may {
			continue
		}
		if settled, err := a.settled(tx, person); err != nil {
			return err
		} else if !settled {
			continue
		}
		address, err := a.box(tx, person, why)
		if err != nil {
			return err
		}
		if address == "" {
			continue
		}
		code, err := a.issue(tx, mailed, person, Warrant{By: q.From.by(0)}, mailLife)
		if err != nil {
			return err
		}
		if first == 0 {
			first, to, until = person, address, code.Expires
			if say, err = a.asker(tx, person, q.From); err != nil {
				return err
			}
		}
		links = append(links, say.Say("account.mail-forgotten-link", code.Login.String(), a.Mail.URL+code.Link()))
	}
	if len(links) == 0 {
		return nil
	}
	return a.Mail.Outbox.Put(tx, first, mail.Message{
		To: to, Subject: say.Say("account.mail-forgotten-subject"),
		Text: paragraphs(append(append([]string{
			say.Say("account.mail-hello"), say.Say("account.mail-forgotten", len(links)),
		}, links...),
			say.Say("account.mail-forgotten-once", int(mailLife.Minutes())), say.Say("account.mail-forgotten-not-you"), say.Say("account.mail-foot"))...),
		Until: until,
	})
}

// mayAsk tells whether the link of a forgotten password may go to somebody: they
// have an account that is not disabled. An acting head who never came in has the
// first key alone: one person wrote their address, and it takes two to name them.
func mayAsk(tx *db.Tx, person school.ID) (bool, error) {
	var seen, activated db.Time
	err := tx.Get([]any{&seen, &activated}, `SELECT seen_at, activated_at FROM account_account WHERE person_id = $1 AND disabled_at IS NULL`, person)
	if fail.Is(err, fail.NotFound) {
		return false, nil
	}
	if err != nil || !seen.IsZero() || !activated.IsZero() {
		return err == nil, err
	}
	acts, err := directory.Acts(tx, person)
	return err == nil && !acts, err
}
