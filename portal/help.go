package portal

import (
	"cmp"
	"slices"

	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// helpView is whom to call, the nearest first.
type helpView struct {
	Lead     string
	One      bool // the page is about one school of many
	Sections []helpSection
	Alone    string // what to do when nobody is recorded; empty when somebody is
	Keep     bool   // the visitor may record who is called

	// For who answers for more schools than a page shows.
	Find  bool
	Query string
	Found []directory.Named
	More  bool // than are shown
}

// helpSection is who answers for one place.
type helpSection struct {
	Title    string
	Note     string // which schools it is for, when not for all
	Contacts []ui.Contact
}

// helpSchools is how many schools one page of help shows: those who have more
// look for the one they are asked about.
const (
	helpSchools = 6
	helpFound   = 20
)

// keepReferents is the right of the office where one says who is called.
const keepReferents rights.Right = "register.keep-referents"

// help is whom to call for each of the visitor's schools. A child who does not
// read yet has the adults at their side, and nobody to telephone to.
func (p *Portal) help(r *web.Request) (web.Answer, error) {
	if r.Actor.Profile == school.Pupil && r.Reader != ui.Adult {
		v, err := p.pupilView(r)
		return web.Page{Title: r.Say("portal.help"), Body: helpChild(v)}, err
	}
	v := helpView{Lead: r.Say("portal.help-lead"), Keep: r.Holds(keepReferents)}
	switch r.Actor.Profile {
	case school.Guardian, school.Pupil:
		v.Lead = r.Say("portal.help-lead-" + string(r.Actor.Profile))
	case school.Partner, school.Tech: // of no school
		v.Lead = r.Say("portal.help-lead-everywhere")
	}
	places, err := v.places(r)
	if err != nil {
		return nil, err
	}
	return helpAnswer(r, v, places)
}

// helpSchool is whom to call for one school that the visitor answers for.
func (p *Portal) helpSchool(r *web.Request) (web.Answer, error) {
	id, err := r.PathID("school")
	if err != nil {
		return nil, err
	}
	if err := r.Can(helpAnySchool, rights.Object{School: id}); err != nil {
		return nil, err
	}
	at, err := directory.Structures.One(r.Tx, "id = $1 AND kind = 'school' AND until_at IS NULL", id)
	if err != nil {
		return nil, err
	}
	return helpAnswer(r, helpView{Lead: at.Name, One: true, Keep: r.Holds(keepReferents)}, []school.ID{id})
}

// places are what the visitor is to be told of: their schools, or the areas
// they answer for where these hold many. What they look for is found on the
// way.
func (v *helpView) places(r *web.Request) ([]school.ID, error) {
	if !r.Holds(helpAnySchool) {
		return r.Actor.Schools, nil
	}
	mine, err := mySchools(r)
	if err != nil || len(mine) > 0 && len(mine) <= helpSchools {
		return identifiers(mine), err
	}
	v.Find, v.Query = true, r.URL.Query().Get("q")
	where, args := r.Scope(helpAnySchool, rights.Columns{
		InArea: "s.id IN (SELECT structure_id FROM directory_within WHERE ancestor_id IN (%s))",
	})
	v.Found, err = directory.StructuresNamed(r.Tx, v.Query, "s.kind = 'school' AND "+where, args...)
	if v.More = len(v.Found) > helpFound; v.More {
		v.Found = v.Found[:helpFound]
	}
	return r.Actor.Areas, err
}

// helpAnswer fills the page with whoever is called for some places.
func helpAnswer(r *web.Request, v helpView, places []school.ID) (web.Answer, error) {
	outside := slices.Contains([]school.Profile{school.Guardian, school.Pupil, school.Partner}, r.Actor.Profile)
	structures, err := directory.StructuresByID(r.Tx, places...)
	if err != nil {
		return nil, err
	}
	schools := slices.DeleteFunc(structures, func(s directory.Structure) bool { return s.Kind != directory.School })
	heads, err := directory.HeadsOf(r.Tx, places...)
	if err != nil {
		return nil, err
	}
	at := map[school.ID]int{}
	for _, s := range schools {
		at[s.ID] = len(v.Sections)
		v.Sections = append(v.Sections, helpSection{Title: s.Name, Contacts: schoolContacts(r, s, heads)})
	}
	called, err := directory.CalledFor(r.Tx, outside, places...)
	if err != nil {
		return nil, err
	}
	for _, c := range called {
		i, known := at[c.Place.ID]
		if !known {
			i = len(v.Sections)
			at[c.Place.ID] = i
			v.Sections = append(v.Sections, helpSection{Title: placeTitle(r, c.Place), Note: helpNote(r, schools, c)})
		}
		v.Sections[i].Contacts = append(v.Sections[i].Contacts, contactOf(r, c))
	}
	if len(called) == 0 {
		v.Alone = r.Say("portal.help-alone-text")
		switch {
		case r.Actor.Profile == school.Partner || r.Actor.Profile == school.Tech:
			v.Alone = r.Say("portal.help-alone-everywhere")
		case outside:
			v.Alone = r.Say("portal.help-alone-outside")
		case v.Keep:
			v.Alone = r.Say("portal.help-alone-keep")
		}
	}
	page := web.Page{Title: r.Say("portal.help"), Body: helpPage(v), Finds: v.Find}
	if len(schools) == 1 {
		page.School, page.Accent = schools[0].Name, ui.AccentOf(string(schools[0].UAI))
	}
	return page, nil
}

// schoolContacts are the heads of a school, who are reached through it; the
// school itself where it has none.
func schoolContacts(r *web.Request, s directory.Structure, heads []directory.SchoolHead) (contacts []ui.Contact) {
	why := "portal.help-head-for"
	if r.Actor.Profile == school.Guardian {
		why += "-families"
	}
	contact := schoolContact(r, s)
	contact.For = r.Say(why)
	for _, h := range heads {
		if h.School == s.ID {
			one := contact
			one.Name, one.Tags = h.Name(), yourself(r, h.ID)
			if h.Acting {
				one.Title = r.Say(directory.ProfileKey(school.Head, "", true))
			}
			contacts = append(contacts, one)
		}
	}
	if len(contacts) == 0 {
		contacts = append(contacts, contact)
	}
	return contacts
}

// schoolContact is the office of a school, as it is reached.
func schoolContact(r *web.Request, s directory.Structure) ui.Contact {
	return ui.Contact{Title: r.Say("portal.help-head"), Name: s.Name, Where: i18n.Dots(s.Where()...), Phone: s.Telephone(), Mail: s.Mail}
}

// contactOf is a référent as one reads of them.
func contactOf(r *web.Request, c directory.Called) ui.Contact {
	role := string(c.Role)
	return ui.Contact{
		Title: r.Say("directory.role-" + role), Official: r.Say("directory.role-official-" + role), For: r.Say("directory.role-for-" + role),
		Name: c.Who, Tags: yourself(r, c.Person), Phone: c.Phone, Mail: c.Mail, URL: c.URL,
	}
}

// yourself marks the visitor among who is called.
func yourself(r *web.Request, person school.ID) ui.Tags {
	if person != r.Actor.Person {
		return nil
	}
	return ui.Tags{{Label: r.Say("portal.help-you"), Kind: ui.Info}}
}

// placeTitle names a place above schools, with what it is.
func placeTitle(r *web.Request, s directory.Structure) string {
	switch s.Kind {
	case directory.Commune, directory.RPI, directory.Department, directory.Academy:
		return r.Say("portal.place-"+string(s.Kind), s.Kind.Told(s.Name))
	case directory.Project:
		return r.Say("portal.place-project")
	}
	return s.Kind.Told(s.Name)
}

// helpNote says which of several schools a place is for, when not for all.
func helpNote(r *web.Request, schools []directory.Structure, c directory.Called) string {
	if len(c.Schools) == 0 || len(c.Schools) >= len(schools) || c.Place.Kind == directory.Project {
		return ""
	}
	var names []string
	for _, s := range schools {
		if slices.Contains(c.Schools, s.ID) {
			names = append(names, s.Name)
		}
	}
	return r.Say("portal.help-for-schools", ui.And(r.Printer, names...))
}

// adults are those whom a child may turn to, each once: those of the
// class, then the heads.
func (v pupilView) adults() (all []pupilTeacher) {
	add := func(adults []pupilTeacher) {
		for _, adult := range adults {
			if !slices.Contains(all, adult) {
				all = append(all, adult)
			}
		}
	}
	for _, room := range v.Rooms {
		add(room.Teachers)
	}
	for _, s := range v.Schools {
		add(s.Heads)
	}
	return all[:min(len(all), 4)]
}

// adultTile leads back to where the child knows the adult from.
func (v pupilView) adultTile(adult pupilTeacher) ui.Tile {
	tile := ui.Tile{Href: "/me/school", Title: adult.Name, Picture: cmp.Or(adult.Picture, ui.PictureTeacher)}
	for _, room := range v.Rooms {
		if slices.Contains(room.Teachers, adult) {
			tile.Href = "/me/class"
		}
	}
	return tile
}
