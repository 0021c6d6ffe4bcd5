package portal

import (
	"errors"
	"slices"

	"preau/account"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// Doors tells who holds a session: the account says whose it is, and the
// register what they hold now.
type Doors struct {
	Accounts *account.Accounts
}

var (
	_ web.Doorkeeper = Doors{}
	_ web.Devices    = Doors{}
)

// Above implements web.Doorkeeper.
func (d Doors) Above(tx *db.Tx, schools ...school.ID) (map[school.ID][]school.ID, error) {
	return directory.AreasAbove(tx, schools...)
}

// Shut implements web.Doorkeeper.
func (d Doors) Shut(tx *db.Tx, at school.ID, profile school.Profile) ([]web.Shut, error) {
	return d.Accounts.Shut(tx, at, profile)
}

// Visitor implements web.Doorkeeper. A session that is half open is nobody's: it
// only tells where its second step is.
func (d Doors) Visitor(tx *db.Tx, token string) (web.Visitor, error) {
	session, err := d.Accounts.Resolve(tx, token)
	if errors.Is(err, account.ErrSecondStep) {
		return web.Visitor{Awaited: secondPath}, nil
	}
	if err != nil {
		return web.Visitor{}, err
	}
	v, err := visitor(tx, session.Person, session.Profile)
	v.Shared = session.Shared
	if !session.Shared && session.Door == 0 {
		v.Keeps = web.Keeping{Who: d.Accounts.OnDevice(session), Until: session.Expires}
		v.Session, v.Ends = session.ID, session.Expires
	}
	if err == nil {
		v.ReadOnly, err = d.Accounts.ReadOnly(tx, v.Actor)
	}
	if err == nil {
		v.Shut, err = d.Accounts.ShutTo(tx, v.Actor)
	}
	if session.Reproves(tx.Now) {
		v.Reprove = secondPath
	}
	return v, err
}

// Device implements [web.Devices].
func (d Doors) Device(tx *db.Tx, r *web.Request, login, password string) (web.Carried, error) {
	drive, err := d.Accounts.OpenDrive(tx, login, password)
	if err != nil {
		return web.Carried{}, err
	}
	v, err := visitor(tx, drive.Person, drive.Profile)
	if err == nil {
		v.ReadOnly, err = d.Accounts.ReadOnly(tx, v.Actor)
	}
	if err == nil {
		v.Shut, err = d.Accounts.ShutTo(tx, v.Actor)
	}
	return web.Carried{Visitor: v, Came: account.UsedDrive(tx, drive, account.OriginOf(r))}, err
}

// Wrong implements [web.Devices].
func (d Doors) Wrong(r *web.Request, login string) error {
	return d.Accounts.WrongDrive(r.Context(), login, account.OriginOf(r))
}

// visitor says who a person is with a hat on, as a page shows them, from the
// register at tx.Now. A hat that the person does not have any more is
// fail.SignIn: signing in again gives them one that they have.
//
// It speaks the language of the transaction's context.
func visitor(tx *db.Tx, person school.ID, profile school.Profile) (web.Visitor, error) {
	hats, err := directory.Wardrobe(tx, person)
	if err != nil {
		return web.Visitor{}, err
	}
	worn := slices.IndexFunc(hats, func(h directory.Hat) bool { return h.Profile == profile })
	if worn < 0 {
		return web.Visitor{}, fail.New(fail.SignIn, "%s is not %q any more", person, profile)
	}
	actor, err := directory.Actor(tx, person, profile)
	if err != nil {
		return web.Visitor{}, err
	}
	who, err := directory.Get(tx, person)
	if err != nil {
		return web.Visitor{}, err
	}
	say := i18n.From(tx.Context())
	v := web.Visitor{Actor: actor, Name: who.Name(), First: who.First}
	for i, hat := range hats {
		label, role := hatLabel(say, hat, who.Civility), profileLabel(say, hat.Profile, who.Civility)
		if hat.Profile == school.Head {
			acts, err := directory.OnlyActs(tx, person)
			if err != nil {
				return web.Visitor{}, err
			}
			if acts {
				role = actingLabel(say, who.Civility)
				label = role + ", " + placesLabel(say, hat.Places)
			}
		}
		v.Hats = append(v.Hats, ui.Hat{ID: string(hat.Profile), Label: label, Role: role, Current: i == worn})
	}
	places := hats[worn].Places
	switch profile {
	case school.Guardian, school.Operator, school.Partner, school.Tech, school.Departed: // children, often in several schools; the whole project; nothing
	case school.Pupil:
		animals, err := animalsOf(tx, actor.Classes...)
		if err != nil {
			return web.Visitor{}, err
		}
		v.Name, v.Picture, v.Reader = who.First, animalOf(animals, person), youngest(places)
		fallthrough
	default:
		v.School = placesLabel(say, places)
		if len(places) == 1 && places[0].UAI != "" {
			v.Accent = ui.AccentOf(string(places[0].UAI))
		}
	}
	return v, nil
}

// youngest is the reader that a pupil is: for one in two schools, the level
// that asks the less of them.
func youngest(places []directory.Place) ui.Reader {
	reader := ui.Adult
	for _, place := range places {
		reader = max(reader, readerOf(place.Level))
	}
	return reader
}

// hatLabel says a hat as people do: "Directrice, École Les Tilleuls",
// "Famille de Louise et Malo".
func hatLabel(say i18n.Printer, hat directory.Hat, civility string) string {
	switch hat.Profile {
	case school.Operator, school.Partner, school.Tech, school.Departed: // everywhere, or nowhere
		return profileLabel(say, hat.Profile, civility)
	case school.Guardian:
		names := make([]string, len(hat.Places))
		for i, place := range hat.Places {
			names[i] = place.Name
		}
		return familyOf(say, names)
	}
	return profileLabel(say, hat.Profile, civility) + ", " + placesLabel(say, hat.Places)
}

// familyOf says whose family one is.
func familyOf(say i18n.Printer, names []string) string {
	return say.Say("portal.family-of", say.Of(ui.And(say, names...)))
}

// profileLabel names the profile of a hat.
func profileLabel(say i18n.Printer, profile school.Profile, civility string) string {
	return say.Say(directory.ProfileKey(profile, civility, false))
}

// actingLabel names who heads a school for a time.
func actingLabel(say i18n.Printer, civility string) string {
	return say.Say(directory.ProfileKey(school.Head, civility, true))
}

// placesLabel names the place, or counts the places.
func placesLabel(say i18n.Printer, places []directory.Place) string {
	if len(places) == 1 {
		return places[0].Name
	}
	if slices.ContainsFunc(places, func(p directory.Place) bool { return p.UAI == "" }) {
		return say.Say("portal.places", len(places))
	}
	return say.Say("portal.places-schools", len(places))
}
