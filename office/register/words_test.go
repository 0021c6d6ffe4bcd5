package register_test

import (
	"testing"

	"preau/account"
	"preau/core/i18n"
	"preau/core/school"
	"preau/directory"
	"preau/office/register"
)

// Every side of accounts, every profile and every service of the périscolaire
// has its words.
func TestNoWordIsMissing(t *testing.T) {
	words, err := i18n.Load(register.Words)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, side := range []account.Side{account.Pupils, account.Families, account.Staff} {
		keys = append(keys, "side-"+string(side))
	}
	for _, profile := range school.Profiles {
		if profile != school.Pupil && profile != school.Guardian {
			keys = append(keys, "profile-"+string(profile))
		}
	}
	for _, care := range []directory.Care{directory.MorningCare, directory.Canteen, directory.EveningCare, directory.Study} {
		keys = append(keys, "care-"+string(care), "care-when-"+string(care))
	}
	for _, key := range keys {
		if !words.Has("register." + key) {
			t.Errorf("no words for register.%s", key)
		}
	}
}
