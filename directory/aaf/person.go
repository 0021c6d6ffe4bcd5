package aaf

import "strings"

// personAttributes are shared by pupils, guardians and staff (SDET annex 1).
var personAttributes = []attribute{
	{name: "ENTPersonJointure", read: (*decoder).sameKey},
	{name: "ENTPersonCivilite", read: func(d *decoder, v string) { d.name.Civility = civility(v) }},
	{name: "ENTPersonNomPatro", read: func(d *decoder, v string) { d.name.Birth = v }},
	{name: usualName, read: func(d *decoder, v string) { d.name.Usual = v }},
	{name: firstName, read: func(d *decoder, v string) { d.name.First = v }},
	{name: "ENTPersonAutresPrenoms", many: true, read: func(d *decoder, v string) { d.name.Others = append(d.name.Others, v) }},
}

const (
	usualName = "ENTPersonNom"
	firstName = "ENTPersonPrenom"
)

// civility brings the forms of other years and sources to the two of today.
func civility(v string) string {
	switch strings.ToUpper(strings.TrimSuffix(v, ".")) {
	case "M", "MR", "MONSIEUR":
		return "M."
	case "MME", "MLLE", "F", "MADAME", "MADEMOISELLE":
		return "Mme"
	}
	return v
}

// checkName rejects a person without a name. The family name stands for a
// usual name that is missing, and an organisation, told by its lack of
// civility, needs no first name (its whole name may even stand there).
func (d *decoder) checkName(organisation bool) {
	usual, first := d.table.byName[usualName], d.table.byName[firstName]
	if organisation && d.name.Usual == "" && d.says(usual) {
		d.name.Usual, d.name.First = d.name.First, ""
	}
	if d.name.Usual == "" && d.name.Birth != "" && d.says(usual) {
		d.name.Usual = d.name.Birth
		d.record.given |= usual.bit
		d.trouble(MissingUsualName, Kept, usual.name)
	}
	switch {
	case d.name.Usual == "" && d.says(usual):
		d.reject(MissingName, usual.name)
	case d.name.First == "" && d.says(first) && !organisation:
		d.reject(MissingName, first.name)
	}
}
