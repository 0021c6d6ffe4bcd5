package directory_test

import (
	"slices"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/personal"
	"preau/core/school"
	"preau/directory"
)

// Who has departed has the hat of the departed until their things are erased;
// who is something still, or will be, has not departed.
func TestDepartures(t *testing.T) {
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		from, until time.Duration // of the post, from now
		marked      time.Duration // when a night marked them; 0: none did
		hats        []school.Profile
		gone        bool
	}{
		"there":                      {-day, day, 0, []school.Profile{school.Staff}, false},
		"to come":                    {day, 2 * day, 0, nil, false},
		"just ended":                 {-day, 0, 0, []school.Profile{school.Departed}, false},
		"on the last day":            {-200 * day, -personal.AfterDeparture.Term() + time.Millisecond, 0, []school.Profile{school.Departed}, false},
		"at the term":                {-200 * day, -personal.AfterDeparture.Term(), 0, nil, true},
		"marked the night after":     {-200 * day, -personal.AfterDeparture.Term(), -80 * day, []school.Profile{school.Departed}, false},
		"marked, whatever the posts": {-200 * day, day, -day, []school.Profile{school.Departed}, false},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				write(t, d, func(tx *db.Tx) error {
					who := directory.Person{ID: 7}
					if c.marked != 0 {
						who.Departed = db.At(tx.Now.Add(c.marked))
					}
					if err := directory.Persons.Insert(tx, who); err != nil {
						return err
					}
					at := directory.Structure{ID: lilas, Kind: directory.School, Ref: "uai:1", Name: "Les Lilas", From: db.At(tx.Now)}
					if err := directory.Structures.Insert(tx, at); err != nil {
						return err
					}
					if err := directory.Functions.Insert(tx, directory.Function{
						Person: 7, Structure: lilas, Code: "atsem", Profile: school.Staff, From: db.At(tx.Now.Add(c.from)), Until: db.At(tx.Now.Add(c.until)),
					}); err != nil {
						return err
					}
					hats, err := directory.Hats(tx, 7)
					if err != nil {
						return err
					}
					wardrobe, err := directory.Wardrobe(tx, 7)
					if err != nil {
						return err
					}
					var worn []school.Profile
					for _, hat := range wardrobe {
						worn = append(worn, hat.Profile)
					}
					if !slices.Equal(hats, c.hats) || !slices.Equal(worn, c.hats) {
						t.Errorf("hats %v and %v, want %v", hats, worn, c.hats)
					}
					gone, err := directory.Gone(tx, 7)
					if gone != c.gone {
						t.Errorf("gone %v", gone)
					}
					return err
				})
			}, directory.Schema())
		})
	}
}
