package aaf

import (
	"slices"
	"strings"

	"preau/core/school"
)

// pupilAttributes are those of Eleve (SDET annex 1).
var pupilAttributes = []attribute{
	{name: "ENTEleveINE", read: func(d *decoder, v string) {
		d.pupil.INE = school.INE(strings.ToUpper(v))
		if !d.pupil.INE.Valid() {
			d.trouble(InvalidINE, Kept, d.attribute.name)
		}
	}},
	{name: "ENTPersonDateNaissance", must: true, read: func(d *decoder, v string) { d.date(v, &d.pupil.BirthDate) }},
	{name: "ENTPersonMail", read: func(d *decoder, v string) { d.mail(v, &d.pupil.Mail) }},
	{name: "ENTPersonStructRattach", many: true, must: true, read: func(d *decoder, v string) { d.keys(v, &d.pupil.Schools) }},
	{name: "ENTEleveAutoriteParentale", many: true, must: true, read: (*decoder).authority},
	{name: "ENTElevePersRelEleve", many: true, read: (*decoder).responsibility},
	{name: "ENTEleveRestaurantScolaire", read: func(d *decoder, v string) { d.boolean(v, &d.pupil.Canteen) }},
	{name: "ENTEleveTransport", read: func(d *decoder, v string) { d.boolean(v, &d.pupil.Transport) }},
	{name: "ENTEleveGarderieMatin", read: func(d *decoder, v string) { d.boolean(v, &d.pupil.MorningCare) }},
	{name: "ENTEleveGarderieSoir", read: func(d *decoder, v string) { d.boolean(v, &d.pupil.EveningCare) }},
	{name: "ENTEleveEtudesSurveillees", read: func(d *decoder, v string) { d.boolean(v, &d.pupil.Study) }},
	{name: "ENTEleveNiveau", read: func(d *decoder, v string) {
		c, _ := d.coded(v)
		d.pupil.Level = school.Level{Code: c.Code, Label: c.Label}
	}},
	{name: "ENTEleveCycle", must: true, read: func(d *decoder, v string) { d.pupil.Cycle, _ = d.coded(v) }},
	{name: "ENTEleveTypeClasse", must: true, read: func(d *decoder, v string) { d.pupil.ClassType, _ = d.coded(v) }},
	{name: "ENTPersonClasses", many: true, read: func(d *decoder, v string) { d.membership(v, &d.pupil.Classes) }},
	{name: "ENTPersonGroupes", many: true, read: func(d *decoder, v string) { d.membership(v, &d.pupil.Groups) }},
	{name: "ENTEleveDateEntreeClasses", many: true, read: func(d *decoder, v string) { d.stay(v, &d.pupil.Entries) }},
	{name: "ENTEleveDateSortieClasses", many: true, read: func(d *decoder, v string) { d.stay(v, &d.pupil.Exits) }},
	{name: "ENTEleveDateEntreeStructRattach", read: func(d *decoder, v string) { d.date(v, &d.pupil.Enrolled) }},
	{name: "ENTEleveDateSortieStructRattach", read: func(d *decoder, v string) { d.date(v, &d.pupil.Left) }},
}

// authority reads "3431001$10": the key of a guardian and the code of the
// bond.
func (d *decoder) authority(v string) {
	f, ok := d.fields(v, 2)
	if !ok {
		return
	}
	guardian, ok := d.key(f[0])
	if !ok {
		return
	}
	if !digits(f[1]) {
		d.reject(MalformedComposite, d.attribute.name)
		return
	}
	a := Authority{Guardian: guardian, Link: f[1]}
	if !slices.Contains(d.pupil.Guardians, a) {
		d.pupil.Guardians = append(d.pupil.Guardians, a)
	}
}

// responsibility reads the form of the second degré (SDET annex 4 bis), which
// says more of a bond than ENTEleveAutoriteParentale does:
// "3431001$10$1$1$1$0" is guardian, bond, financial responsibility, level of
// legal responsibility, contact, payment. It adds no guardian: see [bonds].
func (d *decoder) responsibility(v string) {
	f, ok := d.fields(v, 6)
	if !ok {
		return
	}
	if guardian, ok := d.key(f[0]); ok {
		d.bonds = append(d.bonds, Authority{Guardian: guardian, Link: f[1], Level: f[3], Priority: f[4]})
	}
}

// checkPupil completes the bonds with what ENTElevePersRelEleve said of them.
func (d *decoder) checkPupil() {
	for _, said := range d.bonds {
		for i := range d.pupil.Guardians {
			if a := &d.pupil.Guardians[i]; a.Guardian == said.Guardian {
				a.Level, a.Priority = said.Level, said.Priority
			}
		}
	}
	d.checkName(false)
}

// membership reads "412$11$ORDINAIRE$73001$CP - Mme A": structure, code and
// label of the type, key of the class, label.
func (d *decoder) membership(v string, list *[]Membership) {
	f, ok := d.fields(v, 5)
	if !ok {
		return
	}
	school, ok := d.key(f[0])
	if !ok {
		return
	}
	if f[3] == "" {
		d.reject(MalformedComposite, d.attribute.name)
		return
	}
	m := Membership{School: school, Type: Coded{f[1], f[2]}, Key: f[3], Label: f[4]}
	if !slices.Contains(*list, m) {
		*list = append(*list, m)
	}
}

// stay reads "412$01/09/2025$73001": structure, day, key of the class.
func (d *decoder) stay(v string, list *[]Stay) {
	f, ok := d.fields(v, 3)
	if !ok {
		return
	}
	school, ok := d.key(f[0])
	if !ok {
		return
	}
	s := Stay{School: school, Class: f[2]}
	if d.date(f[1], &s.Day) {
		*list = append(*list, s)
	}
}
