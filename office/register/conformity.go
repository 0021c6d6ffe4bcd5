package register

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"time"

	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// followed is how many deliveries the page follows.
const followed = 12

// conformityView is how the deliveries of an académie get better or worse, in
// figures. Whoever reads them may open the report that they sum up, anomaly by
// anomaly: none is masked.
type conformityView struct {
	conformityScope
	Academies []choice // among which the visitor may choose
	Modes     []choice // complete, partial; none when there is one
	Place     string   // name of the area, when the page is narrowed to one
	Trend     []conformityRow
	Academy   []kindRow // what the académie puts right
	Schools   []kindRow // what the schools do
	Areas     []areaRow
	BySchool  bool // the areas are schools
	Now       time.Time
}

// last is the last delivery.
func (v conformityView) last() conformityRow { return v.Trend[0] }

// choice is one of several views of the page.
type choice struct {
	Query   url.Values
	Label   string
	Current bool
}

// conformityScope is whose deliveries are followed, and where.
type conformityScope struct {
	Source feed.Source
	Mode   aaf.Mode
	Area   school.ID // the page is narrowed to it; 0: to nothing
	reach  feed.Reach
}

// query is the address of the scope.
func (c conformityScope) query() url.Values {
	query := url.Values{"source": {c.Source.ID.String()}}
	if word, named := modeWords[c.Mode]; named {
		query.Set("mode", word)
	}
	if c.Area != 0 {
		query.Set("area", c.Area.String())
	}
	return query
}

// modeWords are the modes as the address says them.
var modeWords = map[aaf.Mode]string{aaf.Complete: "complete", aaf.Delta: "delta"}

// conformityRow is one delivery.
type conformityRow struct {
	feed.Conformity
	Academy, School       amount
	Fresh, Lasting, Gone  amount
	Everything, PerRecord amount // PerRecord in tenths of a thousandth
}

// kindRow is one kind of trouble in the last delivery.
type kindRow struct {
	feed.KindTally
	Fresh, Lasting, Gone amount
}

// areaRow is a circonscription, or a school, in the last delivery.
type areaRow struct {
	ID                           school.ID // 0 for none
	Name                         string
	UAI                          school.UAI
	Academy, School, Fresh, Gone amount
	PerRecord                    amount
	feed.Conformity
}

// conformity follows the troubles of the last deliveries.
func (s *Service) conformity(r *web.Request) (web.Answer, error) {
	view, err := conformityOf(r)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: r.Say("register.conformity"), Body: conformityPage(view)}, nil
}

func conformityOf(r *web.Request) (conformityView, error) {
	view := conformityView{Now: r.Tx.Now}
	if err := view.choose(r); err != nil {
		return view, err
	}
	if err := view.narrow(r); err != nil || view.Source.ID == 0 {
		return view, err
	}
	list, err := feed.Conformities(r.Tx, view.Source.ID, view.Mode, view.reach, followed)
	if err != nil || len(list) == 0 {
		return view, err
	}
	for _, c := range list {
		view.Trend = append(view.Trend, trendRow(c))
	}
	kinds, err := feed.KindTallies(r.Tx, list[0].Delivery, view.reach)
	if err != nil {
		return view, err
	}
	for _, k := range kinds {
		row := kindRow{k, told(k.Fresh), told(k.Lasting()), told(k.Gone)}
		if k.Tool == feed.ONDE {
			view.Schools = append(view.Schools, row)
		} else {
			view.Academy = append(view.Academy, row)
		}
	}
	if err := view.share(r, list[0].Delivery); err != nil {
		return view, err
	}
	view.sort()
	return view, nil
}

// choose finds whose deliveries the visitor reads: what they ask for, or the
// first of those that concern them.
func (v *conformityView) choose(r *web.Request) error {
	all, err := feed.Sources(r.Tx)
	if err != nil {
		return err
	}
	asked := r.URL.Query().Get("source")
	var mine []feed.Source
	for _, source := range all {
		reads, err := readsSource(r, source.ID)
		if err != nil {
			return err
		}
		if !reads {
			continue
		}
		mine = append(mine, source)
		if asked == source.ID.String() || asked == "" && v.Source.ID == 0 {
			v.Source = source
		}
	}
	if asked != "" && v.Source.ID == 0 {
		return fail.New(fail.NotFound, "no source %q concerns %s", asked, r.Actor.Person)
	}
	for _, source := range mine {
		if len(mine) < 2 {
			break
		}
		name, err := academyName(r, feed.Delivery{Academy: source.Academy})
		if err != nil {
			return err
		}
		v.Academies = append(v.Academies, choice{conformityScope{Source: source}.query(), name, source.ID == v.Source.ID})
	}
	return nil
}

// narrow finds what the visitor reads of the source: everything, their areas,
// or the one of these that they ask for.
func (v *conformityView) narrow(r *web.Request) error {
	whole, err := readsWhole(r, feed.Delivery{Academy: v.Source.Academy})
	if err != nil {
		return err
	}
	if !whole {
		v.reach = feed.Reach{r.Actor.Areas}
	}
	query := r.URL.Query()
	if asked := query.Get("area"); asked != "" {
		if v.Area, err = school.ParseID(asked); err != nil {
			return fail.New(fail.NotFound, "the area of the address: %w", err)
		}
		if v.Place, err = v.areaName(r, whole); err != nil {
			return err
		}
		v.reach = append(v.reach, []school.ID{v.Area})
	}
	modes, err := feed.Modes(r.Tx, v.Source.ID)
	if err != nil {
		return err
	}
	if v.Mode, err = v.modeOf(r, modes); err != nil {
		return err
	}
	for _, mode := range modes {
		if len(modes) < 2 {
			break
		}
		scope := v.conformityScope
		scope.Mode = mode
		v.Modes = append(v.Modes, choice{scope.query(), r.Say("register.conformity-" + string(mode)), mode == v.Mode})
	}
	return nil
}

// modeOf is the mode that the address asks for, or that of the last delivery.
func (v *conformityView) modeOf(r *web.Request, modes []aaf.Mode) (aaf.Mode, error) {
	for mode, word := range modeWords {
		if r.URL.Query().Get("mode") == word {
			return mode, nil
		}
	}
	last, of := school.ID(0), aaf.Complete
	for _, mode := range modes {
		list, err := feed.Conformities(r.Tx, v.Source.ID, mode, v.reach, 1)
		if err != nil {
			return of, err
		}
		if len(list) > 0 && list[0].Delivery > last {
			last, of = list[0].Delivery, mode
		}
	}
	return of, nil
}

// areaName names the area of the page, when the visitor may read of it: one of
// theirs or within one of theirs, or any of the source for whoever reads it whole.
func (v *conformityView) areaName(r *web.Request, whole bool) (string, error) {
	if err := v.allows(r, whole); err != nil {
		return "", err
	}
	area, err := directory.StructureByID(r.Tx, v.Area)
	if err == nil && area.Kind == directory.School {
		err = fail.New(fail.NotFound, "%s is a school, not an area", v.Area)
	}
	return area.Kind.Told(area.Name), err
}

func (v *conformityView) allows(r *web.Request, whole bool) error {
	if !whole {
		above, err := directory.AreasAbove(r.Tx, v.Area)
		if err != nil {
			return err
		}
		return r.Can(viewReport, rights.Object{Areas: append(above[v.Area], v.Area)})
	}
	ours, err := directory.AreasOfSource(r.Tx, v.Source.ID)
	if err == nil && !slices.Contains(ours, v.Area) {
		err = fail.New(fail.NotFound, "%s is no area of the source", v.Area)
	}
	return err
}

// share gives each circonscription its part of the last delivery; each school,
// where there is one circonscription.
func (v *conformityView) share(r *web.Request, delivery school.ID) error {
	schools, err := feed.SchoolConformities(r.Tx, delivery, v.reach)
	if err != nil {
		return err
	}
	over, err := directory.Circonscriptions(r.Tx)
	if err != nil {
		return err
	}
	areas := map[school.ID]areaRow{}
	nowhere, known := schools[0]
	delete(schools, 0)
	for id, c := range schools {
		at := over[id]
		row := areas[at.ID]
		row.ID, row.Name = at.ID, cmp.Or(at.Name, r.Say("register.no-circonscription"))
		row.Conformity = plus(row.Conformity, c)
		areas[at.ID] = row
	}
	_, outside := areas[0]
	if v.BySchool = len(areas) < 2 || len(areas) == 2 && outside; v.BySchool {
		places, err := directory.StructuresByID(r.Tx, slices.Collect(maps.Keys(schools))...)
		if err != nil {
			return err
		}
		clear(areas)
		for _, place := range places {
			areas[place.ID] = areaRow{ID: place.ID, Name: place.Name, UAI: place.UAI, Conformity: schools[place.ID]}
		}
	}
	v.Areas = slices.Collect(maps.Values(areas))
	if known {
		v.Areas = append(v.Areas, areaRow{Name: r.Say("feed.no-school"), Conformity: nowhere})
	}
	for i := range v.Areas {
		row := &v.Areas[i]
		c := row.Conformity
		row.Academy, row.School, row.Fresh, row.Gone = told(c.ByOthers), told(c.BySchool), told(c.Fresh), told(c.Gone)
		row.PerRecord = perRecord(c)
	}
	return nil
}

// sort puts the worse first, as far as it is told, and last what is nowhere.
func (v *conformityView) sort() {
	slices.SortFunc(v.Areas, func(a, b areaRow) int {
		return cmp.Or(cmp.Compare(min(b.ID, 1), min(a.ID, 1)), cmp.Compare(b.PerRecord.rank(), a.PerRecord.rank()), cmp.Compare(b.Academy.rank(), a.Academy.rank()),
			cmp.Compare(school.Fold(a.Name), school.Fold(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	for _, rows := range [][]kindRow{v.Academy, v.Schools} {
		slices.SortFunc(rows, func(a, b kindRow) int {
			return cmp.Or(cmp.Compare(slices.Index(feed.Tools, a.Tool), slices.Index(feed.Tools, b.Tool)),
				cmp.Compare(b.Fresh.rank()+b.Lasting.rank(), a.Fresh.rank()+a.Lasting.rank()),
				cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Attribute, b.Attribute))
		})
	}
}

// plus adds two schools up.
func plus(a, b feed.Conformity) feed.Conformity {
	a.Records += b.Records
	a.BySchool += b.BySchool
	a.ByOthers += b.ByOthers
	a.Fresh += b.Fresh
	a.Gone += b.Gone
	return a
}

func trendRow(c feed.Conformity) conformityRow {
	row := conformityRow{
		Conformity: c, Academy: told(c.ByOthers), School: told(c.BySchool), Everything: told(c.Total()), PerRecord: perRecord(c),
		Fresh: told(c.Fresh), Lasting: told(c.Lasting()), Gone: told(c.Gone),
	}
	if !c.Compared {
		row.Fresh, row.Lasting, row.Gone = amount{Unknown: true}, amount{Unknown: true}, amount{Unknown: true}
	}
	return row
}
