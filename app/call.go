package app

import (
	"fmt"
	"strings"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// called is whom the demo has one call in a kind of place: fictional people,
// with the addresses and the telephone numbers that are kept for fiction.
type called struct {
	role  directory.ReferentRole
	name  string // empty: somebody of the place
	who   string // before the @ of the mail
	phone string // its last two digits say the place
	url   string
}

// The blocks of numbers that the ARCEP keeps for fiction.
const (
	fictionParis = "01 99 00 15 "
	fictionWest  = "02 61 91 15 "
)

// demoCalled is whom to call in each kind of place.
var demoCalled = map[directory.Kind][]called{
	directory.Project: {
		{directory.ProjectSupport, "Assistance de l’ENT", "assistance", fictionParis, "https://aide.preau.test/"},
	},
	directory.Academy: {
		{directory.DigitalDelegation, "Mme Sarah Lenoir", "dane", fictionWest, ""},
		{directory.InformationServices, "Plateforme d’assistance académique", "plateforme.dsi", fictionWest, ""},
	},
	directory.Department: {
		{directory.DigitalInspector, "M. Étienne Vasseur", "ien.tice", fictionWest, ""},
		{directory.DepartmentOffice, "Mme Hélène Morvan, division des écoles", "division.ecoles", fictionWest, ""},
		{directory.CanopeWorkshop, "Atelier Canopé", "atelier.canope", fictionWest, "https://canope.test/"},
	},
	directory.Circonscription: {
		{directory.AreaAdviser, "M. Tom Berger", "conseiller.numerique", fictionWest, ""},
		{directory.Inspector, "Mme Nadia Ferrand", "ien", fictionWest, ""},
	},
	directory.Commune: {
		{directory.LocalAuthority, "Service des écoles et du périscolaire", "ecoles", fictionWest, ""},
	},
	directory.School: {
		{directory.DigitalReferent, "", "numerique", "", ""},
	},
}

// nameReferents says whom to call in a demo, as an operator would.
func (h *House) nameReferents(tx *db.Tx) error {
	if _, err := directory.TheProject(tx); err != nil {
		return err
	}
	places, err := directory.Scopes(tx)
	if err != nil {
		return err
	}
	academy := ""
	for i, at := range places { // the académie comes before what is within
		if at.Kind == directory.Academy {
			academy = "ac-" + slug(at.Name)
		}
		for j, c := range demoCalled[at.Kind] {
			r := directory.Referent{
				Structure: at.ID, Role: c.role, Name: c.name, URL: c.url,
				Mail: c.mail(at, academy),
			}
			if c.phone != "" {
				r.Phone = fmt.Sprintf("%s%02d", c.phone, (i*7+j)%100)
			}
			if _, r.Families = c.role.ForFamilies(); c.name == "" {
				if r.Person, err = somebodyOf(tx, at.ID); err != nil {
					return err
				}
				if r.Person == 0 {
					continue
				}
			}
			if _, err := h.office.PutReferent(tx, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// mail is an address in the domain of the place, or of the académie.
func (c called) mail(at directory.Structure, academy string) string {
	switch at.Kind {
	case directory.Project, directory.Commune:
		return c.who + "@" + slug(at.Name) + ".test"
	case directory.School, directory.Circonscription:
		return c.who + "." + slug(string(at.UAI)) + "@" + academy + ".test"
	}
	return c.who + "@" + academy + ".test"
}

func slug(name string) string { return strings.ReplaceAll(school.Fold(name), " ", "-") }

// somebodyOf is the last of a school's staff by name, 0 when it has none: the
// heads come first, and have enough to do.
func somebodyOf(tx *db.Tx, at school.ID) (school.ID, error) {
	staff, err := directory.StaffOf(tx, at)
	if err != nil || len(staff) == 0 {
		return 0, err
	}
	return staff[len(staff)-1].ID, nil
}
