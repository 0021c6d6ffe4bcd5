package register_test

import (
	"testing"

	"preau/core/i18n"
	"preau/core/school"
	"preau/directory"
	"preau/office/register"
)

// Every profile and every service of the périscolaire has its words.
func TestNoWordIsMissing(t *testing.T) {
	words, err := i18n.Load(register.Words, directory.Words)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, profile := range school.Profiles {
		if profile != school.Pupil && profile != school.Guardian && profile != school.Departed {
			keys = append(keys, "directory.profile-"+string(profile))
		}
	}
	for _, care := range []directory.Care{directory.MorningCare, directory.Canteen, directory.EveningCare, directory.Study} {
		keys = append(keys, "register.care-"+string(care), "register.care-when-"+string(care))
	}
	for _, key := range keys {
		if !words.Has(key) {
			t.Errorf("no words for %s", key)
		}
	}
}
