package village

import (
	"slices"

	"preau/core/school"
	"preau/directory"
)

// PostOf is the first post that gives a profile, for whoever appoints somebody in
// a test.
func PostOf(profile school.Profile) string {
	i := slices.IndexFunc(directory.Templates, func(t directory.Template) bool { return t.Profile == profile })
	return directory.Templates[i].Code
}
