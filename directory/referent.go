package directory

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Referent is whom one calls for what is within a structure: a person of the
// register, or else a name, which may be that of a service.
type Referent struct {
	ID               school.ID
	Structure        school.ID
	Role             ReferentRole
	Rank             int       // among those of one role: the least is called first
	Person           school.ID // of the register; 0: known by the name alone
	Name             string
	Mail, Phone, URL string // professional; one of them at least
	Families         bool   // shown to them too
	From, Until      db.Time
	RecordedBy       school.ID // 0: the command line
	RecordedAt       db.Time
}

// Referents is the table of référents. No feed touches it.
var Referents = Table[Referent]{
	Name: "directory_referent", Keys: 1,
	Columns: []string{"id", "structure_id", "role", "rank", "person_id", "name", "mail", "phone", "url", "families",
		"from_at", "until_at", "recorded_by", "recorded_at"},
	fields: func(r *Referent) []any {
		return []any{&r.ID, &r.Structure, &r.Role, &r.Rank, &r.Person, &r.Name, &r.Mail, &r.Phone, &r.URL, &r.Families,
			&r.From, &r.Until, &r.RecordedBy, &r.RecordedAt}
	},
	Made:    func(*Referent) school.ID { return 0 },
	Subject: func(r *Referent) school.ID { return r.Person },
}

// The most that is kept of each, in characters.
const (
	MaxReferentName = 120
	maxMail         = 120
	maxURL          = 300
	maxRank         = 99
)

// AddReferent records a référent, and gives the row as it is kept. One who
// holds the role there already, a role that is not held in such a structure,
// nobody's name, or nothing to reach them by is fail.Invalid in its field.
func AddReferent(tx *db.Tx, r Referent) (Referent, error) {
	if r.From.IsZero() {
		r.From = db.At(tx.Now)
	}
	r, err := r.checked(tx)
	if err != nil {
		return r, err
	}
	r.ID, r.RecordedAt = school.NewID(tx.Now), db.At(tx.Now)
	return r, Referents.Insert(tx, r)
}

// CorrectReferent writes a référent over what was recorded, and tells what
// has changed: "who", "reach", "families", "when", "rank". The structure and the
// role stay: another is another référent.
func CorrectReferent(tx *db.Tx, r Referent) (changed []string, err error) {
	old, err := ReferentIn(tx, r.Structure, r.ID)
	if err != nil {
		return nil, err
	}
	r.Role = old.Role
	if r.From.IsZero() {
		r.From = old.From
	}
	if r, err = r.checked(tx); err != nil {
		return nil, err
	}
	for _, part := range []struct {
		name string
		same bool
	}{
		{"who", r.Person == old.Person && r.Name == old.Name},
		{"reach", r.Mail == old.Mail && r.Phone == old.Phone && r.URL == old.URL},
		{"families", r.Families == old.Families},
		{"when", r.From.Equal(old.From.Time) && r.Until.Equal(old.Until.Time)},
		{"rank", r.Rank == old.Rank},
	} {
		if !part.same {
			changed = append(changed, part.name)
		}
	}
	if len(changed) == 0 {
		return nil, nil
	}
	r.RecordedAt = db.At(tx.Now)
	return changed, Referents.Update(tx, r)
}

// PutReferent records a référent, or corrects the one who holds the role
// there under that name, or is that person. It gives the row, and what has changed of it: nil
// when nothing has, "new" when it is.
func PutReferent(tx *db.Tx, r Referent) (Referent, []string, error) {
	there, err := Referents.All(tx, NotOver(Referents.Name, 1)+` AND structure_id = $2 AND role = $3`, db.At(tx.Now), r.Structure, r.Role)
	if err != nil {
		return r, nil, err
	}
	for _, old := range there {
		if old.Person == r.Person && school.Fold(old.Name) == school.Fold(r.Name) {
			r.ID, r.Rank, r.From, r.Until = old.ID, old.Rank, old.From, old.Until
			changed, err := CorrectReferent(tx, r)
			return r, changed, err
		}
	}
	r, err = AddReferent(tx, r)
	return r, []string{"new"}, err
}

// EndReferent ends a référent of a structure now; one who has not begun ends
// before that: they never will.
func EndReferent(tx *db.Tx, structure, referent, by school.ID) error {
	r, err := ReferentIn(tx, structure, referent)
	if err != nil {
		return err
	}
	r.Until = db.At(tx.Now)
	r.RecordedBy, r.RecordedAt = by, db.At(tx.Now)
	return Referents.Update(tx, r)
}

// ResumeReferent takes back an end of less than a month ago.
func ResumeReferent(tx *db.Tx, structure, referent, by school.ID) error {
	r, err := Referents.One(tx, `until_at <= $1 AND id = $2 AND structure_id = $3 AND until_at > $4`,
		db.At(tx.Now), referent, structure, db.At(tx.Now.Add(-endedLately)))
	if err != nil {
		return err
	}
	r.Until, r.RecordedBy, r.RecordedAt = db.Time{}, by, db.At(tx.Now)
	if err := r.alone(tx); err != nil {
		return err
	}
	return Referents.Update(tx, r)
}

// ReferentIn reads a référent of a structure, who is one or will be.
func ReferentIn(tx *db.Tx, structure, referent school.ID) (Referent, error) {
	return Referents.One(tx, NotOver(Referents.Name, 1)+` AND id = $2 AND structure_id = $3`, db.At(tx.Now), referent, structure)
}

// checked gives the row as it may be kept, or says what is wrong in it.
func (r Referent) checked(tx *db.Tx) (Referent, error) {
	at, err := StructureByID(tx, r.Structure)
	if err != nil {
		return r, err
	}
	if !slices.Contains(ReferentRolesOf(at.Kind), r.Role) {
		return r, fail.New(fail.Invalid, "the role %s is not held by a structure of kind %s", r.Role, at.Kind).Say("directory.referent-role").At("role")
	}
	if r.Name = school.Clean(r.Name); r.Person == 0 && r.Name == "" {
		return r, fail.New(fail.Invalid, "no name").Say("directory.referent-name").At("name")
	}
	switch {
	case r.Person != 0 && r.Name != "":
		return r, fail.New(fail.Invalid, "both a person and a name").Say("directory.referent-both").At("name")
	case utf8.RuneCountInString(r.Name) > MaxReferentName:
		return r, fail.New(fail.Invalid, "a name that cannot be kept").Say("directory.referent-long", MaxReferentName).At("name")
	case r.Name != "" && !school.IsLabel(r.Name):
		return r, fail.New(fail.Invalid, "nobody is called %.40q", r.Name).Say("directory.no-label").At("name")
	case r.Rank < 0 || r.Rank > maxRank:
		return r, fail.New(fail.Invalid, "the rank %d", r.Rank).Say("directory.referent-rank", maxRank).At("rank")
	case !r.Until.IsZero() && !r.Until.After(r.From.Time):
		return r, fail.New(fail.Invalid, "it ends before it begins").Say("directory.referent-until").At("until")
	}
	if may, _ := r.Role.ForFamilies(); r.Families && !may {
		return r, fail.New(fail.Invalid, "the role %s is never shown to families", r.Role).Say("directory.referent-families").At("families")
	}
	if r, err = r.reachable(); err != nil {
		return r, err
	}
	return r, r.alone(tx)
}

// reachable writes the ways to reach the référent as they are kept, and wants
// one at least.
func (r Referent) reachable() (Referent, error) {
	var err error
	if r.Mail = school.Clean(r.Mail); r.Mail != "" {
		if !school.IsMail(r.Mail) || len(r.Mail) > maxMail {
			return r, fail.New(fail.Invalid, "%q is no mail address", r.Mail).Say("directory.referent-mail").At("mail")
		}
	}
	if r.Phone, err = PhoneNumber(r.Phone); err != nil {
		return r, err
	}
	if r.URL, err = helpAddress(r.URL); err != nil {
		return r, err
	}
	if r.Mail == "" && r.Phone == "" && r.URL == "" {
		return r, fail.New(fail.Invalid, "no mail, telephone or web address").Say("directory.referent-reach").At("mail")
	}
	return r, nil
}

var (
	phoneMarks  = regexp.MustCompile(`[\s\x{00a0}\x{202f}.\-/()]+`)
	phoneDigits = regexp.MustCompile(`^\+?[0-9]{4,15}$`)
	frenchPhone = regexp.MustCompile(`^0[1-9][0-9]{8}$`)
)

// PhoneNumber writes a number as it is dialled, its digits apart as the
// French write them. What is none is fail.Invalid, and comes back as it was.
func PhoneNumber(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	number := phoneMarks.ReplaceAllString(strings.Replace(text, "(0)", "", 1), "")
	if rest, ok := strings.CutPrefix(number, "+33"); ok && frenchPhone.MatchString("0"+rest) {
		number = "0" + rest
	}
	switch {
	case !phoneDigits.MatchString(number):
		return text, fail.New(fail.Invalid, "%q is no telephone number", text).Say("directory.referent-phone").At("phone")
	case frenchPhone.MatchString(number):
		return fmt.Sprintf("%s %s %s %s %s", number[:2], number[2:4], number[4:6], number[6:8], number[8:]), nil
	}
	return number, nil
}

// helpAddress writes the address of a page of help, whole.
func helpAddress(text string) (string, error) {
	text = school.Clean(text)
	if text == "" {
		return "", nil
	}
	whole := text
	if !strings.Contains(text, "://") {
		whole = "https://" + text
	}
	u, err := url.Parse(whole)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || !strings.Contains(u.Hostname(), ".") || u.User != nil ||
		len(whole) > maxURL || strings.ContainsFunc(whole, unicode.IsSpace) {
		return text, fail.New(fail.Invalid, "%q is no web address", text).Say("directory.referent-url").At("url")
	}
	return whole, nil
}

// alone refuses somebody who holds the role there already.
func (r Referent) alone(tx *db.Tx) error {
	there, err := Referents.All(tx, NotOver(Referents.Name, 1)+` AND structure_id = $2 AND role = $3 AND id <> $4`,
		db.At(tx.Now), r.Structure, r.Role, r.ID)
	if err != nil {
		return err
	}
	for _, other := range there {
		if other.Person != 0 && other.Person == r.Person {
			return fail.New(fail.Invalid, "the person is recorded already").Say("directory.referent-twice").At("person")
		}
		if r.Person == 0 && other.Person == 0 && school.Fold(other.Name) == school.Fold(r.Name) {
			return fail.New(fail.Invalid, "the name is recorded already").Say("directory.referent-twice").At("name")
		}
	}
	return nil
}
