package school

import "strings"

// academies gives the three-digit code of each académie by its folded name,
// as the ministry's nomenclature N_ACADEMIE lists them.
var academies = map[string]string{
	"paris": "001", "aix marseille": "002", "besancon": "003", "bordeaux": "004", "caen": "005",
	"clermont ferrand": "006", "dijon": "007", "grenoble": "008", "lille": "009", "lyon": "010",
	"montpellier": "011", "nancy metz": "012", "poitiers": "013", "rennes": "014", "strasbourg": "015",
	"toulouse": "016", "nantes": "017", "orleans tours": "018", "reims": "019", "amiens": "020",
	"rouen": "021", "limoges": "022", "nice": "023", "creteil": "024", "versailles": "025",
	"corse": "027", "la reunion": "028", "reunion": "028", "martinique": "031", "guadeloupe": "032",
	"guyane": "033", "nouvelle caledonie": "040", "polynesie francaise": "041", "wallis et futuna": "042", "mayotte": "043",
	"saint pierre et miquelon": "044", "normandie": "070",
}

// KnownAcademy tells whether the nomenclature has a code, as [AcademyCode]
// gives it.
func KnownAcademy(code string) bool {
	for _, known := range academies {
		if known == code {
			return true
		}
	}
	return false
}

// AcademyCode gives one name to an académie, however a delivery names it:
// its three-digit code ("25" and "VERSAILLES" give "025"), or its folded name
// when that is not in the nomenclature. It is empty when both are.
func AcademyCode(code, label string) string {
	if code = strings.TrimSpace(code); code != "" {
		return strings.Repeat("0", max(0, 3-len(code))) + code
	}
	folded := Fold(label)
	if known, ok := academies[folded]; ok {
		return known
	}
	return folded
}
