package feed_test

import (
	"slices"
	"testing"

	"preau/core/db"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// figures is what a conformity says, without what changes from one run to the
// next.
type figures struct {
	records, bySchool, byOthers int
	compared                    bool
	fresh, gone                 int
}

func figuresOf(list []feed.Conformity) (all []figures) {
	for _, c := range list {
		all = append(all, figures{c.Records, c.BySchool, c.ByOthers, c.Compared, c.Fresh, c.Gone})
	}
	return all
}

// conformities follows the only source of a database, newest first.
func conformities(t *testing.T, d *db.DB, mode aaf.Mode, reach feed.Reach) (all []figures) {
	t.Helper()
	read(t, d, func(tx *db.Tx) error {
		sources, err := feed.Sources(tx)
		if err != nil {
			return err
		}
		list, err := feed.Conformities(tx, sources[0].ID, mode, reach, 12)
		all = figuresOf(list)
		return err
	})
	return all
}

// twins is lilas, where Tom has a guardian whom nobody delivered, and Max has
// one or not.
func twins(date string, max bool) *paper {
	p := lilas(date)
	p.records["Eleve"] = nil
	known := "2001$20"
	if max {
		known = "2999$10"
	}
	return p.pupil(1001, "Zoé Martin", "111111111AA", 412, "73001$CP - Mme Bernard", "1121$CP", "2001$20", "2002$10").
		pupil(1002, "Tom Martin", "111111111BB", 413, "73002$CM2", "1125$CM2", "2001$20", "2998$10").
		pupil(1003, "Max Petit", "111111111CC", 412, "73001$CP - Mme Bernard", "1121$CP", known)
}

func TestConformityIsFollowed(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		f := feeder(d)
		give := func(p *paper) feed.Result { return take(t, f, p.write(t), feed.Options{}) }
		wants := func(mode aaf.Mode, want ...figures) {
			t.Helper()
			if got := conformities(t, d, mode, nil); !slices.Equal(got, want) {
				t.Errorf("%s: %+v, want %+v", mode, got, want)
			}
		}
		// Two schools, three pupils, two guardians, three adults; Max's guardian is
		// unknown.
		one := figures{records: 10, bySchool: 1}
		give(lilas("20260901"))
		wants(aaf.Complete, one)

		two := figures{records: 10, bySchool: 2, compared: true, fresh: 1}
		second := give(twins("20260908", true))
		wants(aaf.Complete, two, one)

		// A delta says nothing of those whom it does not name.
		give(delta("20260909").school(412, "0789001K").school(413, "0789002L").
			put("Eleve", "modify", 1003, pupilAttrs(1003, "Max Petit", "111111111CC", 412, "73001$CP - Mme Bernard", "1121$CP", "2997$10")...))
		wants(aaf.Complete, two, one)
		wants(aaf.Delta, figures{bySchool: 1})

		three := figures{records: 10, bySchool: 1, compared: true, gone: 1}
		third := give(twins("20260915", false))
		wants(aaf.Complete, three, two, one)

		// What is undone is followed no more, nor compared with.
		if err := f.Undo(t.Context(), third.ID); err != nil {
			t.Fatal(err)
		}
		wants(aaf.Complete, two, one)
		give(twins("20260916", false))
		wants(aaf.Complete, three, two, one)

		// Deliveries of before Préau added up are, with the next one; how many
		// records they had is not known any more.
		change(t, d, func(tx *db.Tx) error {
			for _, forget := range []string{
				`DELETE FROM feed_tally WHERE feed_id <= $1`, `DELETE FROM feed_extent WHERE feed_id <= $1`,
				`UPDATE feed_delivery SET tallied = FALSE WHERE id <= $1`,
			} {
				if _, err := tx.Exec(forget, second.ID); err != nil {
					return err
				}
			}
			return nil
		})
		give(twins("20260917", false))
		one.records, two.records = 0, 0
		wants(aaf.Complete, figures{records: 10, bySchool: 1, compared: true}, three, two, one)
	})
}

// The figures of schools and of kinds are those of the delivery; areas that
// hold no school of it have none.
func TestConformityBySchoolAndKind(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		f := feeder(d)
		take(t, f, twins("20260901", true).write(t), feed.Options{})
		last := take(t, f, twins("20260908", false).write(t), feed.Options{})
		lilas, second := id(t, d, aaf.Structures, 412), id(t, d, aaf.Structures, 413)
		read(t, d, func(tx *db.Tx) error {
			schools, err := feed.SchoolConformities(tx, last.ID, nil)
			if err != nil {
				return err
			}
			if got := figuresOf([]feed.Conformity{schools[lilas], schools[second]}); !slices.Equal(got,
				[]figures{{records: 7, gone: 1}, {records: 3, bySchool: 1}}) {
				t.Errorf("the schools have %+v", got)
			}
			kinds, err := feed.KindTallies(tx, last.ID, nil)
			if err != nil {
				return err
			}
			if len(kinds) != 1 || kinds[0].Kind != feed.UnknownGuardian || kinds[0].Tool != feed.ONDE ||
				kinds[0].Total != 1 || kinds[0].Lasting() != 1 || kinds[0].Gone != 1 {
				t.Errorf("the kinds are %+v", kinds)
			}
			elsewhere, err := feed.SchoolConformities(tx, last.ID, feed.Reach{{}})
			if err != nil {
				return err
			}
			none, err := feed.KindTallies(tx, last.ID, feed.Reach{nil, {7}})
			if len(elsewhere)+len(none) > 0 {
				t.Errorf("no area has %v and %v", elsewhere, none)
			}
			return err
		})
		if got := conformities(t, d, aaf.Complete, feed.Reach{{}}); slices.ContainsFunc(got, func(f figures) bool { return f.records+f.bySchool > 0 }) {
			t.Errorf("no area has %+v", got)
		}
	})
}

// Every kind is put right somewhere, and what the school does is in ONDE.
func TestTools(t *testing.T) {
	for _, c := range []struct {
		line feed.ReportLine
		want feed.Tool
	}{
		{feed.ReportLine{Kind: aaf.MissingName, Category: aaf.Pupils}, feed.ONDE},
		{feed.ReportLine{Kind: aaf.MissingName, Category: aaf.Staffs}, feed.AGAPE},
		{feed.ReportLine{Kind: aaf.MissingName, Category: aaf.Structures}, feed.RAMSESE},
		{feed.ReportLine{Kind: aaf.InvalidUAI, Category: aaf.Structures}, feed.RAMSESE},
		{feed.ReportLine{Kind: feed.DuplicateMail, Category: aaf.Staffs}, feed.Agents},
		{feed.ReportLine{Kind: aaf.MalformedMail, Category: aaf.Staffs}, feed.Agents},
		{feed.ReportLine{Kind: aaf.MalformedMail, Category: aaf.Guardians}, feed.ONDE},
		{feed.ReportLine{Kind: aaf.MissingKey, Category: aaf.Staffs}, feed.Extraction},
		{feed.ReportLine{Kind: aaf.MalformedComposite, Category: aaf.Staffs, Attribute: "ENTPersonFonctions"}, feed.AGAPE},
		{feed.ReportLine{Kind: aaf.MalformedComposite, Category: aaf.Pupils, Attribute: "ENTEleveAutoriteParentale"}, feed.Extraction},
		{feed.ReportLine{Kind: aaf.MalformedComposite, Category: aaf.Pupils, Attribute: "ENTPersonClasses"}, feed.ONDE},
	} {
		if got := c.line.Tool(); got != c.want {
			t.Errorf("%s of %s: %s, want %s", c.line.Kind, c.line.Category, got, c.want)
		}
	}
	for _, kinds := range [][]aaf.Kind{aaf.Kinds, feed.Kinds} {
		for _, kind := range kinds {
			for _, category := range []aaf.Category{aaf.Structures, aaf.Staffs, aaf.Pupils, aaf.Guardians} {
				line := feed.ReportLine{Kind: kind, Category: category}
				if !slices.Contains(feed.Tools, line.Tool()) || (line.Tool() == feed.ONDE) != line.BySchool() {
					t.Errorf("%s of %s is put right in %q", kind, category, line.Tool())
				}
			}
		}
	}
}
