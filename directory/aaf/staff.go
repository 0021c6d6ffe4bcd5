package aaf

import "slices"

// staffAttributes are those of PersEducNat (SDET annex 1). RU-003 article 2
// allows the professional means of contact of staff and no others.
var staffAttributes = []attribute{
	{name: "ENTPersonDateNaissance", fate: dropped},
	{name: "ENTPersonMail", read: func(d *decoder, v string) { d.mail(v, &d.staff.Mail) }},
	{name: "ENTPersonStructRattach", many: true, read: func(d *decoder, v string) { d.keys(v, &d.staff.Schools) }},
	{name: "ENTPersonFonctions", many: true, must: true, read: (*decoder).function},
	{name: "ENTEnsFonctionDir", many: true, read: func(d *decoder, v string) { d.keys(v, &d.staff.Directs) }},
	{name: "ENTPersonCategorieEnseignant", read: func(d *decoder, v string) { d.boolean(v, &d.staff.Teaching) }},
	{name: "ENTEnsSpecialites", many: true, read: func(d *decoder, v string) {
		if c, ok := d.coded(v); ok && c != (Coded{}) {
			d.staff.Specialties = append(d.staff.Specialties, c)
		}
	}},

	{name: "ENTPersonAdresse", fate: dropped},
	{name: "ENTPersonCodePostal", fate: dropped},
	{name: "ENTPersonVille", fate: dropped},
	{name: "ENTPersonPays", fate: dropped},
	{name: "ENTPersonTelPerso", fate: dropped},
}

// function reads "412$ENS$ENSEIGNEMENT$D0000$DIRECTION".
func (d *decoder) function(v string) {
	f, ok := d.fields(v, 5)
	if !ok {
		return
	}
	structure, ok := d.key(f[0])
	if !ok {
		return
	}
	function := Function{structure, someCode(f[1], f[2]), someCode(f[3], f[4])}
	if !slices.Contains(d.staff.Functions, function) {
		d.staff.Functions = append(d.staff.Functions, function)
	}
}
