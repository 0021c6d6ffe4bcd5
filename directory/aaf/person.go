package aaf

// personAttributes are shared by pupils, guardians and staff (SDET annex 1).
var personAttributes = []attribute{
	{name: "ENTPersonJointure", read: (*decoder).sameKey},
	{name: "ENTPersonCivilite", read: func(d *decoder, v string) { d.name.Civility = v }},
	{name: "ENTPersonNomPatro", read: func(d *decoder, v string) { d.name.Birth = v }},
	{name: usualName, read: func(d *decoder, v string) { d.name.Usual = v }},
	{name: firstName, read: func(d *decoder, v string) { d.name.First = v }},
	{name: "ENTPersonAutresPrenoms", many: true, read: func(d *decoder, v string) { d.name.Others = append(d.name.Others, v) }},
}

const (
	usualName = "ENTPersonNom"
	firstName = "ENTPersonPrenom"
)

// checkName rejects a person without a name. The family name stands for a
// usual name that is missing, and an organisation, told by its lack of
// civility, needs no first name (its whole name may even stand there).
func (d *decoder) checkName(organisation bool) {
	if organisation && d.name.Usual == "" {
		d.name.Usual, d.name.First = d.name.First, ""
	}
	usual, first := d.table.byName[usualName], d.table.byName[firstName]
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
