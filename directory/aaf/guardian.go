package aaf

// guardianAttributes are those of PersRelEleve (SDET annex 1).
var guardianAttributes = []attribute{
	{name: "ENTPersonDateNaissance", fate: dropped},
	{name: "ENTPersRelEleveEleve", many: true, must: true, read: func(d *decoder, v string) { d.keys(v, &d.guardian.Pupils) }},
	{name: "ENTPersonAdresse", read: func(d *decoder, v string) { d.guardian.Address.Lines = addressLines(v) }},
	{name: "ENTPersonCodePostal", read: func(d *decoder, v string) { d.guardian.Address.PostalCode = v }},
	{name: "ENTPersonVille", read: func(d *decoder, v string) { d.guardian.Address.Town = v }},
	{name: "ENTPersonPays", read: func(d *decoder, v string) {
		if v != noCountry {
			d.guardian.Address.Country = v
		}
	}},
	{name: "ENTPersonAdresseDiffusion", read: func(d *decoder, v string) { d.boolean(v, &d.guardian.ShowAddress) }},
	{name: "ENTPersonTelPerso", read: func(d *decoder, v string) { d.phone(v, &d.guardian.HomePhone) }},
	{name: "ENTPersRelEleveTelMobile", read: func(d *decoder, v string) { d.phone(v, &d.guardian.MobilePhone) }},
	{name: "ENTPersRelEleveTelPro", read: func(d *decoder, v string) { d.phone(v, &d.guardian.WorkPhone) }},
	{name: "ENTPersonMail", read: func(d *decoder, v string) { d.mail(v, &d.guardian.Mail) }},
}

// noCountry is what the source writes for people without an address.
const noCountry = "PAYS INCONNU"
