package accounts

import (
	"slices"
	"strconv"

	"preau/account"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// renewView is the accounts of many, whose passwords are to be erased: first
// whose, then once more.
type renewView struct {
	School   directory.Structure
	Class    directory.ClassView // the zero one: of the whole school
	Side     account.Side        // of a school
	Pupils   []directory.Someone // that may be chosen in a class
	Families []directory.Someone
	Chosen   []directory.Someone // when the visitor is asked once more
	Apart    int                 // who are left as they are
	Handed   int                 // how many things the chosen handed out lately
	Unsaid   bool                // nobody was chosen
}

// sides are whose passwords the chosen have.
func (v renewView) sides() []account.Side {
	if v.Class.ID == 0 {
		return []account.Side{v.Side}
	}
	var sides []account.Side
	if slices.ContainsFunc(v.Pupils, v.chosen) {
		sides = append(sides, account.Pupils)
	}
	if slices.ContainsFunc(v.Families, v.chosen) {
		sides = append(sides, account.Families)
	}
	return sides
}

func (v renewView) chosen(who directory.Someone) bool { return slices.Contains(v.Chosen, who) }

// path is the address of the page.
func (v renewView) path() string { return v.back() + "/renew" }

// back is the page that it was asked from.
func (v renewView) back() string {
	if v.Class.ID != 0 {
		return classPath(v.Class.ID)
	}
	return schoolPath(v.School.ID)
}

// askRenewClass lets the visitor tick whose passwords are erased in a class.
func (s *Service) askRenewClass(r *web.Request) (web.Answer, error) {
	v, err := s.renewableInClass(r)
	if err != nil {
		return nil, err
	}
	return v.answer(r, renewPage(v)), nil
}

// renewClass erases the passwords of those who were ticked, once the visitor
// has read how many they are.
func (s *Service) renewClass(r *web.Request) (web.Answer, error) {
	v, err := s.renewableInClass(r)
	if err != nil {
		return nil, err
	}
	ticked := r.PostForm["person"]
	for _, who := range slices.Concat(v.Pupils, v.Families) {
		if slices.Contains(ticked, who.ID.String()) {
			v.Chosen = append(v.Chosen, who)
		}
	}
	if len(v.Chosen) == 0 {
		v.Unsaid = true
		return v.answer(r, renewPage(v)), nil
	}
	return s.renew(r, v)
}

func (s *Service) renewableInClass(r *web.Request) (v renewView, err error) {
	at, err := place.Class(r, issue)
	if err != nil {
		return v, err
	}
	if err := s.Accounts.LookAtClass(r, at.Class.ID, at.School.ID); err != nil {
		return v, err
	}
	v.School, v.Class = at.School, at.Class
	pupils, err := directory.PupilsIn(r.Tx, at.Class.ID)
	if err != nil {
		return v, err
	}
	if v.Pupils, err = s.renewable(r, &v.Apart, someones(pupils)); err != nil {
		return v, err
	}
	if r.Can(issueFamilies, place.Object(at.Class)) != nil {
		return v, nil
	}
	kin, err := directory.KinOf(r.Tx, directory.IDs(pupils)...)
	if err != nil {
		return v, err
	}
	v.Families, err = s.renewable(r, &v.Apart, guardians(kin))
	return v, err
}

// renewSchool erases the passwords of the pupils, the families or the staff of a
// school, once the visitor has read how many they are.
func (s *Service) renewSchool(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, shutSchool)
	if err != nil {
		return nil, err
	}
	v := renewView{School: at, Side: account.Side(r.PostFormValue("side"))}
	var people []directory.Someone
	switch v.Side {
	case account.Staff:
		staff, err := directory.StaffOf(r.Tx, at.ID)
		if err != nil {
			return nil, err
		}
		for _, w := range staff {
			people = append(people, w.Someone)
		}
	case account.Pupils, account.Families:
		classes, err := directory.ClassesOf(r.Tx, at.ID)
		if err != nil {
			return nil, err
		}
		pupils, err := directory.PupilsIn(r.Tx, directory.ClassIDs(classes)...)
		if err != nil {
			return nil, err
		}
		if people = someones(pupils); v.Side == account.Families {
			kin, err := directory.KinOf(r.Tx, directory.IDs(pupils)...)
			if err != nil {
				return nil, err
			}
			people = guardians(kin)
		}
	default:
		return nil, fail.New(fail.Invalid, "nobody is %.20q", string(v.Side)).Say("accounts.switch-whom")
	}
	if v.Chosen, err = s.renewable(r, &v.Apart, people); err != nil {
		return nil, err
	}
	if len(v.Chosen) == 0 {
		return web.Redirect{To: v.back() + "/switches", Notice: "accounts.nobody-to-renew"}, nil
	}
	return s.renew(r, v)
}

// endHanded is what the form says of what was handed out, unless its box was unticked.
const endHanded = "end"

// renew asks once more, with how many they are, then erases the passwords of those
// who were chosen and closes their sessions. Somebody who is one more since is
// asked about again.
func (s *Service) renew(r *web.Request, v renewView) (web.Answer, error) {
	people := make([]school.ID, len(v.Chosen))
	for i, who := range v.Chosen {
		people[i] = who.ID
	}
	if r.PostFormValue("confirm") != strconv.Itoa(len(v.Chosen)) {
		var err error
		v.Handed, err = account.HandedLately(r.Tx, people...)
		return v.answer(r, renewConfirmPage(v)), err
	}
	if err := r.ActsOn(len(people)); err != nil {
		return nil, err
	}
	if err := s.Accounts.RenewAll(r.Tx, people, r.By(), r.PostFormValue("handed") == endHanded); err != nil {
		return nil, err
	}
	to := v.back()
	if v.Class.ID == 0 {
		to += "/switches"
	}
	return web.Redirect{To: to, Notice: "accounts.renewed"}, nil
}

// renewable leaves, of some people, those who chose a password and to whom the
// visitor may give another code, each once; the others who are in use are counted
// apart.
func (s *Service) renewable(r *web.Request, apart *int, people []directory.Someone) (list []directory.Someone, err error) {
	ids := make([]school.ID, len(people))
	for i, who := range people {
		ids[i] = who.ID
	}
	accounts, err := account.Of(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	refused, err := s.Refuse(r, ids...)
	if err != nil {
		return nil, err
	}
	for _, who := range people {
		a, has := accounts[who.ID]
		if account.StateOf(a, has) != account.Active {
			continue
		}
		delete(accounts, who.ID) // once
		if refused[who.ID] != nil {
			*apart++
			continue
		}
		list = append(list, who)
	}
	return list, nil
}

func someones(pupils []directory.InClass) []directory.Someone {
	people := make([]directory.Someone, len(pupils))
	for i, pupil := range pupils {
		people[i] = pupil.Someone
	}
	return people
}

// guardians are those whose code the school may hand out: no judge hides it from
// them.
func guardians(kin []directory.Kin) (people []directory.Someone) {
	hidden := map[school.ID]bool{}
	for _, k := range kin {
		hidden[k.ID] = hidden[k.ID] || k.PlaceHidden
	}
	for _, k := range kin {
		if !hidden[k.ID] {
			people = append(people, k.Someone)
		}
	}
	return people
}
