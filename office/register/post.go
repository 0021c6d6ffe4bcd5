package register

import (
	"slices"
	"strings"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// giving is the right to appoint to each post. A post gives no more than its
// granter may give: nobody makes a profile above their own.
var giving = map[school.Profile]rights.Right{
	school.Teacher:   appointSchool,
	school.Staff:     appointSchool,
	school.Admin:     appointSchool,
	school.Head:      appointHead,
	school.CareAgent: appointAgent,
	school.Municipal: appointAgent,
	school.Pilot:     appointPilot,
	school.Partner:   appointProject,
	school.Tech:      appointProject,
	school.Operator:  appointProject,
}

// gifts are the profiles that the visitor gives in a structure.
type gifts map[school.Profile]bool

// giftsIn asks once for each right to give that the visitor holds somewhere.
func giftsIn(r *web.Request, structure school.ID) (gifts, error) {
	reaches := map[rights.Right]bool{}
	for _, right := range giving {
		if _, asked := reaches[right]; asked || !r.Holds(right) {
			continue
		}
		_, err := place.Structure(r, right, structure)
		if err != nil && !fail.Is(err, fail.NotFound) {
			return nil, err
		}
		reaches[right] = err == nil
	}
	may := gifts{}
	for profile, right := range giving {
		may[profile] = reaches[right]
	}
	return may, nil
}

// structureOf reads the structure of the path, for those who keep its team.
func structureOf(r *web.Request) (directory.Structure, gifts, error) {
	id, err := r.PathID("structure")
	if err != nil {
		return directory.Structure{}, nil, err
	}
	at, err := place.Structure(r, viewTeam, id)
	if err != nil {
		return at, nil, err
	}
	may, err := giftsIn(r, id)
	return at, may, err
}

// offered lists the posts that the visitor may give in a structure.
func offered(at directory.Structure, may gifts) (posts []directory.Template) {
	for _, post := range directory.Templates {
		if post.Fits(at.Kind) && may[post.Profile] && !post.Twice {
			posts = append(posts, post)
		}
	}
	return posts
}

// mayGive tells whether the visitor may give a post that somebody holds.
func mayGive(r *web.Request, post directory.Post) (bool, error) {
	right, known := giving[post.Profile]
	if !known || !r.Holds(right) {
		return false, nil
	}
	_, err := place.Structure(r, right, post.Structure)
	if fail.Is(err, fail.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// Appoint records an appointment, of the whole project unless it names a
// structure, and makes the login of a new person: the one that is chosen, or
// one of their name. Who comes back after they were nothing any more needs a
// new code. It journals it under e, and another mail of somebody known as what it
// is: a correction.
func (s *Service) Appoint(tx *db.Tx, a directory.Appointment, login string, e audit.Entry) (person school.ID, err error) {
	if a.Structure == 0 {
		if a.Structure, err = directory.TheProject(tx); err != nil {
			return 0, err
		}
	}
	if err := notThemself(tx, a); err != nil {
		return 0, err
	}
	a.As = e.Profile
	before, err := mailOf(tx, a.Person)
	if err != nil {
		return 0, err
	}
	if a.Person != 0 { // what was over by itself does not come back with it
		if err := s.Accounts.EndPost(tx, a.Structure, a.Person, e.By); err != nil {
			return 0, err
		}
	}
	if person, err = s.enter(tx, a, login, e.By); err != nil {
		return 0, err
	}
	post, _ := directory.TemplateOf(a.Template)
	if post.Profile == school.Head {
		if err := s.endInterim(tx, a.Structure, e); err != nil {
			return 0, err
		}
	}
	e.Actor, e.Action, e.Kind, e.Object, e.Subject = a.By, account.ActAppoint, "structure", a.Structure, person
	e.Detail = audit.Detail{"post": a.Template}
	until, err := directory.EndOf(tx, person, post.Profile, a.Structure)
	if fail.Is(err, fail.NotFound) { // it begins later
		until, err = a.Until, nil
	}
	if err != nil {
		return 0, err
	}
	account.UntilDay(e.Detail, until)
	if err := s.Audit.Write(tx, e); err != nil || a.Person == 0 {
		return person, err
	}
	after, err := mailOf(tx, person)
	if err != nil || after == before {
		return person, err
	}
	e.Action, e.Detail = actCorrect, nil // whoever wrote their mail may have their account
	return person, s.Audit.Write(tx, e)
}

// mailOf is the mail that the register has of somebody, empty of nobody.
func mailOf(tx *db.Tx, person school.ID) (string, error) {
	if person == 0 {
		return "", nil
	}
	who, err := directory.Persons.One(tx, "id = $1", person)
	return who.Mail, err
}

// enter records an appointment, and has its person come in.
func (s *Service) enter(tx *db.Tx, a directory.Appointment, login string, by audit.By) (person school.ID, err error) {
	back, err := comesBack(tx, a.Person)
	if err != nil {
		return 0, err
	}
	if person, err = directory.Appoint(tx, a); err != nil {
		return 0, err
	}
	if login != "" {
		_, err = s.Accounts.Add(tx, person, login)
	} else {
		var who directory.Someone
		if who, err = directory.Get(tx, person); err == nil {
			_, err = s.Accounts.Welcome(tx, directory.Newcomer{Person: person, First: who.First, Usual: who.Usual})
		}
	}
	if err == nil && back {
		err = s.Accounts.Renew(tx, person, by)
	}
	return person, err
}

// comesBack tells whether somebody is known and is nothing any more, but departed.
// Whoever gives them a post may take a homonym for them.
func comesBack(tx *db.Tx, person school.ID) (bool, error) {
	if person == 0 {
		return false, nil
	}
	hats, err := directory.Hats(tx, person)
	return len(hats) == 0 || slices.Equal(hats, []school.Profile{school.Departed}), err
}

// notThemself refuses who gives themself a post, under another record of their
// name or of their mail too.
func notThemself(tx *db.Tx, a directory.Appointment) error {
	if a.By == 0 {
		return nil
	}
	me, err := directory.Persons.One(tx, "id = $1", a.By)
	if err != nil {
		return err
	}
	var who directory.Person
	if a.Person != 0 {
		if who, err = directory.Persons.One(tx, "id = $1", a.Person); err != nil {
			return err
		}
	}
	return ownPost(me, a, who)
}

// ownPost is [notThemself] of what the register says: of somebody, and of whom they
// appoint, the zero Person when the names make them.
func ownPost(me directory.Person, a directory.Appointment, who directory.Person) error {
	name, mails := directory.SortKey(a.Usual, a.First), []string{a.Mail}
	if a.Person != 0 {
		name, mails = who.SortKey, append(mails, who.Mail)
	}
	switch {
	case a.Person == me.ID:
		return fail.New(fail.Forbidden, "%s appoints themself", me.ID).Say("register.own-post")
	case oneName(name, me.SortKey):
		return fail.New(fail.Invalid, "%s appoints somebody of their own name", me.ID).Say("register.own-post").At("name")
	case slices.ContainsFunc(mails, func(mail string) bool { return oneMail(mail, me.Mail) }):
		return fail.New(fail.Invalid, "%s appoints somebody of their own mail", me.ID).Say("register.own-post").At("mail")
	}
	return nil
}

// oneName tells whether two sort keys have the same words, in whatever order.
func oneName(one, other string) bool {
	return slices.Equal(slices.Sorted(strings.FieldsSeq(one)), slices.Sorted(strings.FieldsSeq(other)))
}

// oneMail tells whether two mail addresses are known and the same.
func oneMail(one, other string) bool {
	one = strings.TrimSpace(one)
	return one != "" && strings.EqualFold(one, strings.TrimSpace(other))
}
