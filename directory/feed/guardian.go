package feed

import (
	"strings"

	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

// guardianWants makes a guardian's row. The bonds are the pupils' to say.
func (a *application) guardianWants(r *aaf.Record, person directory.Person) wants {
	g := r.Guardian
	want := wants{person: person}
	name(&want.person, r, &g.Name)
	set(&want.person.Organisation, r, "ENTPersonCivilite", g.Organisation())
	set(&want.person.Mail, r, "ENTPersonMail", g.Mail)
	set(&want.person.HomePhone, r, "ENTPersonTelPerso", g.HomePhone)
	set(&want.person.MobilePhone, r, "ENTPersRelEleveTelMobile", g.MobilePhone)
	set(&want.person.WorkPhone, r, "ENTPersRelEleveTelPro", g.WorkPhone)
	set(&want.person.Address, r, "ENTPersonAdresse", strings.Join(g.Address.Lines, "\n"))
	set(&want.person.PostalCode, r, "ENTPersonCodePostal", g.Address.PostalCode)
	set(&want.person.Town, r, "ENTPersonVille", school.Proper(g.Address.Town))
	set(&want.person.Country, r, "ENTPersonPays", school.Proper(g.Address.Country))
	set(&want.person.ShowAddress, r, "ENTPersonAdresseDiffusion", g.ShowAddress)
	return want
}
