package directory

import (
	"slices"
	"strings"

	"preau/core/fail"
	"preau/core/school"
)

// ReferentRole is what one calls a référent for, in the words of the field.
type ReferentRole string

// The roles, from the nearest to a school to the farthest.
const (
	DigitalReferent     ReferentRole = "referent-numerique" // of the school, named by its head
	LocalAuthority      ReferentRole = "collectivite"       // the service of the commune, or of whoever holds its place
	AreaAdviser         ReferentRole = "conseiller-bassin"
	Inspector           ReferentRole = "ien"
	DigitalInspector    ReferentRole = "ien-tice"
	DepartmentOffice    ReferentRole = "dsden"
	CanopeWorkshop      ReferentRole = "canope"
	DigitalDelegation   ReferentRole = "dane"
	InformationServices ReferentRole = "dsi"
	ProjectSupport      ReferentRole = "support"
)

// referentRoles says where each role is held, and whether families may see
// who holds it. The direct line of an agent of the State is never for them.
var referentRoles = []struct {
	role    ReferentRole
	kinds   []Kind
	may     bool // be shown to families
	usually bool // is
}{
	{DigitalReferent, []Kind{School}, true, true},
	{LocalAuthority, []Kind{School, Commune, RPI, Department}, true, false},
	{AreaAdviser, []Kind{School, Circonscription, Department, Academy}, false, false},
	{Inspector, []Kind{Circonscription}, false, false},
	{DigitalInspector, []Kind{Circonscription, Department, Academy}, false, false},
	{DepartmentOffice, []Kind{Department}, false, false},
	{CanopeWorkshop, []Kind{Department, Academy, Project}, false, false},
	{DigitalDelegation, []Kind{Department, Academy}, false, false},
	{InformationServices, []Kind{Academy}, false, false},
	{ProjectSupport, []Kind{Project}, true, true},
}

// ReferentRolesOf lists the roles that one may hold in a kind of structure,
// the nearest first.
func ReferentRolesOf(kind Kind) (roles []ReferentRole) {
	for _, r := range referentRoles {
		if slices.Contains(r.kinds, kind) {
			roles = append(roles, r.role)
		}
	}
	return roles
}

// ForFamilies tells whether families may see who holds the role, and whether
// they do unless somebody says otherwise.
func (r ReferentRole) ForFamilies() (may, usually bool) {
	for _, known := range referentRoles {
		if known.role == r {
			return known.may, known.usually
		}
	}
	return false, false
}

// ReferentRoleNamed finds a role as people write it: "IEN TICE",
// "Conseiller de bassin". What names none is fail.Invalid.
func ReferentRoleNamed(name string) (ReferentRole, error) {
	words := slices.DeleteFunc(strings.Fields(school.Fold(name)), func(w string) bool { return w == "de" })
	role := ReferentRole(strings.Join(words, "-"))
	for _, known := range referentRoles {
		if known.role == role {
			return role, nil
		}
	}
	return "", fail.New(fail.Invalid, "no role is called %q", name)
}

// order ranks the role among all.
func (r ReferentRole) order() int {
	for i, known := range referentRoles {
		if known.role == r {
			return i
		}
	}
	return len(referentRoles)
}

func rolesForFamilies() string {
	var quoted []string
	for _, known := range referentRoles {
		if known.may {
			quoted = append(quoted, "'"+string(known.role)+"'")
		}
	}
	return strings.Join(quoted, ", ")
}
