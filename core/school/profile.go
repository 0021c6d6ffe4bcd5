package school

// Profile is what a person is in the portal at one moment, in the national
// values of the SDET (schéma directeur des espaces numériques de travail).
// A person may hold several, each by a bond or a function; a session uses
// one at a time.
type Profile string

// The profiles. Those that begin with "Preau" are our own: outside, a care agent
// is a National_COL, and the others are never told.
const (
	Pupil     Profile = "National_ELV" // élève
	Guardian  Profile = "National_TUT" // responsable d'un élève
	Teacher   Profile = "National_ENS" // enseignant
	Head      Profile = "National_DIR" // directeur d'école
	Staff     Profile = "National_EVS" // vie scolaire: ATSEM, AESH
	Admin     Profile = "National_ETA" // administratif, technique, encadrement
	Municipal Profile = "National_COL" // agent de collectivité territoriale
	CareAgent Profile = "Preau_PER"    // agent of one activity of the périscolaire of a school
	Pilot     Profile = "National_ACA" // rectorat, DSDEN, circonscription
	Partner   Profile = "Preau_PAR"    // partner of the project
	Tech      Profile = "Preau_TEC"    // support technician
	Operator  Profile = "Preau_EXP"    // runs the installation (exploitant)
	Departed  Profile = "Preau_ANC"    // has left, and may take their things (ancien)
)

// Profiles lists every profile, in the order in which tables show them.
var Profiles = []Profile{Pupil, Guardian, Teacher, Head, Staff, Admin, Municipal, CareAgent, Pilot, Partner, Tech, Operator, Departed}

// Known tells whether p is one of [Profiles].
func (p Profile) Known() bool {
	for _, q := range Profiles {
		if p == q {
			return true
		}
	}
	return false
}
