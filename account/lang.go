package account

import (
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
)

// Spoken gives the language of the pages by which a person came in last; empty: it is not
// known.
func Spoken(tx *db.Tx, person school.ID) (i18n.Lang, error) {
	lang, err := db.One(tx, db.Column[i18n.Lang], `SELECT lang FROM account_account WHERE person_id = $1`, person)
	if fail.Is(err, fail.NotFound) {
		return "", nil
	}
	return lang, err
}

// noteSpoken remembers the language in which somebody came in: a pupil is written to in
// none.
func noteSpoken(tx *db.Tx, s Session, from Origin) error {
	if from.Lang == "" || s.Profile == school.Pupil {
		return nil
	}
	_, err := tx.Exec(`UPDATE account_account SET lang = $2 WHERE person_id = $1 AND lang <> $2`, s.Person, from.Lang)
	return err
}

// sayer says things to a person in their language: the one that they chose, else that in
// which they came in last, else that of the page from which they are written to, else
// French.
func (a *Accounts) sayer(tx *db.Tx, person school.ID, from Origin) (i18n.Printer, error) {
	lang, err := a.Mail.chosen(tx, person)
	if err == nil && lang == "" {
		lang, err = Spoken(tx, person)
	}
	return a.Mail.in(lang, from.Lang), err
}

// asker is [Accounts.sayer] for whoever asks to be written to from a page that is read: the
// language of it comes before that in which they came in last.
func (a *Accounts) asker(tx *db.Tx, person school.ID, from Origin) (i18n.Printer, error) {
	lang, err := a.Mail.chosen(tx, person)
	return a.Mail.in(lang, from.Lang), err
}

// chosen gives the language that a person chose; empty: they chose none.
func (m *Mail) chosen(tx *db.Tx, person school.ID) (i18n.Lang, error) {
	if m.Chosen == nil {
		return "", nil
	}
	return m.Chosen(tx, person)
}

// in says things in the first of some languages that is one, else in French.
func (m *Mail) in(langs ...i18n.Lang) i18n.Printer {
	for _, lang := range langs {
		if lang != "" {
			return i18n.Printer{Catalogue: m.Words, Lang: lang}
		}
	}
	return i18n.Printer{Catalogue: m.Words, Lang: i18n.French}
}
