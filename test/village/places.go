package village

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// The académie. No académie bears this name nor this code.
const (
	academyName = "ORVALMONT"
	academyCode = "096"
	academyMail = "ac-orvalmont.test"
)

// firstCommune is where the first schools are, and the demonstrations.
const firstCommune = "Sainte-Mirabelle-des-Préaux"

// The other communes have one of these names and one of these qualifiers:
// each pair serves once, which makes 1,664.
var communeNames = []string{
	"Clairpré", "Vertbuis", "Montfagot", "Hautlierre", "Champrosier", "Bourgtilleul", "Pontalouette", "Villemésange",
	"Roncevert", "Fontamère", "Larchebelle", "Noisevaux", "Beaumurier", "Saint-Églantin", "Courtepie", "Belleronce",
	"Valgrillon", "Sainte-Aubépine", "Morteneige", "La Ferté-Pinson", "Chantemerlette", "Boisferré", "Grisemarne", "Tourvaine",
	"Ormeliers", "Vauclochette", "Sauvegrange", "Les Étangs-Bleuis", "Saint-Coquelin", "Ruissebois", "Hérissonville", "Malbruyère",
	"Coudrette", "Petitbief", "Rochepervenche", "Gué-l'Hirondelle", "Castelmûre", "Aiguebrune", "Sainte-Garancine", "Plainelune",
	"Fraisnoy-l'Étourneau", "Barbazelle", "Mirepomme", "Trois-Noyers", "Brumevent", "Combelouvette", "Neuforge", "Saint-Grillonnet",
	"Pierrelongue-l'Aulnaie", "Tilleray", "Vieux-Lavoir", "Épinebelle", "Houxmont", "Lormelle", "Saint-Bruant", "Marchefougère",
	"Écluzelle-la-Neuve", "Châtaigneroux", "Moulinfol", "Sorbières-l'Orge", "L'Osier-Dormant", "Valpimprenelle", "Belorme", "Crécelles",
}

var communeQualifiers = []string{
	"", "-sur-Orvelle", "-lès-Bruyères", "-en-Mirandois", "-le-Haut-Perron", "-sous-Vauclair", "-sur-Serpoise",
	"-la-Vigne-Haute", "-en-Orvalais", "-sur-Tourvenne", "-lès-Hautes-Brumes", "-aux-Loirs", "-le-Gué-Blanc",
	"-sur-Mirandelle", "-en-Serpoisie", "-les-Cent-Pommiers", "-sous-Grisemont", "-la-Combe-aux-Geais", "-sur-Clairance",
	"-en-Vauclairais", "-aux-Tanneurs", "-le-Petit-Orval", "-sur-Fauvelle", "-lès-Trois-Étangs", "-la-Croix-du-Loriot", "-en-Pervenchois",
}

var schoolNames = []string{
	"Les Tilleuls", "Les Quatre-Vents", "La Clairière", "Les Hirondelles", "Le Petit Bois", "La Fontaine aux Fées",
	"Les Coquelicots", "Le Grand Pré", "Les Marronniers", "La Rivière", "L'Arc-en-Ciel", "Les Lucioles", "Le Vieux Moulin",
	"La Pépinière", "Les Étourneaux", "Le Chemin Vert", "Les Mésanges", "La Colline", "L'Orée du Parc", "Les Sources",
	"Le Bout du Pont", "Les Alouettes", "La Ferme aux Loups", "Les Acacias",
}

var streets = []string{
	"RUE DES TILLEULS", "RUE DE L'EGLISE", "AVENUE DE LA GARE", "CHEMIN DU LAVOIR", "RUE DU VIEUX MOULIN", "IMPASSE DES LILAS",
	"PLACE DU MARCHE", "RUE DES ECOLES", "BOULEVARD DES ACACIAS", "ALLEE DES PEUPLIERS", "RUE DU PONT", "ROUTE DE VAUCLAIR",
	"RUE DES QUATRE VENTS", "RESIDENCE LES MERISIERS", "QUAI DE L'ORVELLE", "RUE HAUTE", "RUE BASSE", "CHEMIN DES ECUREUILS",
	"SENTE AUX ANES", "COURS DES TANNEURS", "RUE DE LA REPUBLIQUE", "SQUARE DES MESANGES", "LOTISSEMENT LES GRANDS CHAMPS", "RUE DU FOUR A PAIN",
}

// department is one of the two that the académie has: their numbers belong to
// no département, no commune's INSEE code starts with theirs, and no UAI.
type department struct {
	number   string // as INSEE codes start
	code     string // as the AAF writes it, three digits
	name     string
	office   int64 // the DSDEN, by its jointure
	communes int   // how many INSEE codes it has room for
}

var departments = []department{
	{number: "96", code: "096", name: "HAUTE-ORVELLE", office: 11, communes: 999},
	{number: "98", code: "098", name: "BASSE-ORVELLE", office: 12, communes: 599}, // 986xx to 988xx are overseas
}

// commune is a municipality.
type commune struct {
	department *department
	insee      string
	name       string // in capitals without accents, as the AAF writes it
	postcode   string
}

// communeOf imagines the commune of a rank, counted from 0 over the académie.
func communeOf(rank int) *commune {
	name := firstCommune
	if rank > 0 {
		base := rank % len(communeNames)
		qualifier := (rank/len(communeNames) + base) % len(communeQualifiers)
		name = communeNames[base] + communeQualifiers[qualifier]
	}
	d, number := &departments[0], rank+1
	if number > d.communes {
		d, number = &departments[1], number-d.communes
	}
	return &commune{
		department: d,
		insee:      fmt.Sprintf("%s%03d", d.number, number),
		name:       capitals(name),
		postcode:   fmt.Sprintf("96%02d0", rank%100),
	}
}

// value is ENTEcoleCommune: "96001$SAINTE-MIRABELLE-DES-PREAUX$096".
func (c *commune) value() string {
	return c.insee + "$" + c.name + "$" + c.department.code
}

// capitals writes a name as the ministry's databases do: in capitals, the
// accents lost.
func capitals(s string) string {
	bare, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), s)
	if err != nil {
		panic(err) // these transformers refuse nothing
	}
	return strings.ToUpper(bare)
}

// siret gives an establishment of a commune the number it would have: "21",
// the département, the rank of the commune and of the establishment, with the
// two check digits of Luhn.
func siret(c *commune, establishment int) string {
	siren := "21" + c.department.number + "0" + c.insee[2:]
	siren += luhn(siren)
	nic := fmt.Sprintf("%04d", establishment)
	return siren + nic + luhn(siren+nic)
}

// luhn is the digit that completes a number.
func luhn(digits string) string {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return strconv.Itoa((10 - sum%10) % 10)
}
