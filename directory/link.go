package directory

import "slices"

// LinkCodes are the codes of N_LIEN_ELEVE_RESPONSABLE that pages say, in the
// order in which forms offer them; the others are "autre".
var LinkCodes = []string{"10", "20", "50", "51", "38", "37", "39", "42", "41", "43"}

// LinkKey is the key of what a guardian is to the pupil.
func (k Kin) LinkKey() string {
	switch {
	case slices.Contains(LinkCodes, k.Link):
		return "directory.link-" + k.Link
	case k.Organisation:
		return "directory.link-organisation"
	}
	return "directory.link-other"
}
