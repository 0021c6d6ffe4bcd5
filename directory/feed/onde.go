package feed

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/onde"
)

// School is a school whose head extracts its people from ONDE.
type School struct {
	UAI  school.UAI
	Name string // of a school that the register does not know yet
}

// FeedExtraction takes the extractions of one school into the register. It is
// refused, with a *[Refusal], where the AAF delivers the school.
func (f *Feeder) FeedExtraction(ctx context.Context, files []onde.File, at School, o Options) (Result, error) {
	release, err := f.DB.Lock(ctx, "feed")
	if fail.Is(err, fail.Conflict) {
		return Result{Held: []Hold{}}, &Refusal{Kind: Busy, Reason: "another feed is under way; wait for its end"}
	}
	if err != nil {
		return Result{Held: []Hold{}}, err
	}
	defer release()
	at.Name = school.Clean(at.Name)
	at.UAI = school.UAI(strings.ToUpper(strings.TrimSpace(string(at.UAI))))
	y, m, d := f.DB.Now().In(school.Paris).Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	x := &extraction{at: at, raw: files, key: keyOf(at.UAI, "school"), caps: f.Caps, accept: o.AcceptDepartures}
	prefix := "ONDE_" + string(at.UAI)
	return f.one(ctx, &delivery{
		Name: prefix + "_" + day.Format("20060102"), Prefix: prefix, Mode: aaf.Complete, Date: day, reading: x, extraction: x,
	}, o)
}

// extraction is what ONDE says of a school, as the records that the AAF would
// deliver: keys are those of whom the rows are recognised as, see recognise.
type extraction struct {
	at        School
	raw       []onde.File
	caps      Caps
	accept    bool // departures, whatever their number
	said      *onde.Extraction
	key       aaf.Key               // of the school
	guardians bool                  // a file of guardians is there
	unread    map[aaf.Category]bool // a row of it was left out: it may be about anybody
	records   map[aaf.Category][]aaf.Record
	troubles  []aaf.Trouble
}

// keyOf derives a key of what names somebody in a school. Keys that are made
// here have the bit 62: no jointure of the AAF is so great, and those of two
// schools differ, so that an académie may take them all over.
func keyOf(at school.UAI, parts ...string) aaf.Key {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q%q", string(at), parts)
	return aaf.Key(h.Sum64()>>2 | 1<<62)
}

// Check implements reading: it reads the files.
func (x *extraction) Check() (err error) {
	x.said, err = onde.Read(x.raw)
	return err
}

// recognise finds who the rows are about, and makes records of them.
func (x *extraction) recognise(tx *db.Tx, d *delivery) error {
	have, err := directory.StructureByRef(tx, "uai:"+string(x.at.UAI))
	known := err == nil
	switch {
	case err != nil && !fail.Is(err, fail.NotFound):
		return err
	case known:
		if by, err := FeedsSchool(tx, have.ID); err != nil || by == FromAcademy {
			return cmp.Or(err, error(&Refusal{Kind: FedByAcademy, Reason: fmt.Sprintf("the AAF delivers the school %s: ONDE reaches Préau through the académie", x.at.UAI)}))
		}
	case !x.at.UAI.Valid():
		return &Refusal{Kind: WrongUAI, Reason: fmt.Sprintf("%.20q is no UAI: seven digits and their check letter", string(x.at.UAI))}
	case x.at.Name == "":
		return &Refusal{Kind: NoSchoolName, Reason: fmt.Sprintf("the register does not know the school %s: give its name with --name to create it", x.at.UAI)}
	}
	who, err := peopleOf(tx, FromSchool, string(x.at.UAI))
	if err != nil {
		return err
	}
	x.guardians = x.said.Has(onde.Guardians)
	x.unread = map[aaf.Category]bool{}
	for _, t := range x.said.Troubles {
		if t.Action == onde.Rejected {
			x.unread[categoryOf(t.Of)] = true
		}
	}
	d.Files = []aaf.File{{Name: d.Name, Category: aaf.Structures}}
	for _, listing := range x.said.Files {
		d.Files = append(d.Files, aaf.File{Name: listing.Name, Category: categoryOf(listing.Kind)})
	}
	x.write(d.Name, who)
	return x.whole(who)
}

// whole refuses a file of guardians that looks cut: too many who have a pupil
// of the school are not in it. Their bonds would end at once, unlike those who
// leave with their children.
func (x *extraction) whole(who *people) error {
	here := map[school.ID]bool{}
	for _, p := range who.pupils {
		here[p.ID] = p.claimed
	}
	population, missing := len(who.pupils)+len(who.guardians), 0
	for _, g := range who.guardians {
		if g.live && !g.claimed && slices.ContainsFunc(g.bonds, func(b directory.Bond) bool { return b.Until.IsZero() && here[b.Pupil] }) {
			missing++
		}
	}
	if x.guardians && !x.accept && above(missing, population, x.caps.SchoolPercent, x.caps.SchoolPeople) {
		return &Refusal{Kind: TooManyDepartures, Reason: tooMany(missing, population)}
	}
	return nil
}

func categoryOf(kind onde.Kind) aaf.Category {
	switch kind {
	case onde.Pupils:
		return aaf.Pupils
	case onde.Guardians:
		return aaf.Guardians
	}
	return ""
}

// Read implements reading.
func (x *extraction) Read(
	ctx context.Context, files func(aaf.File) bool, visit func([]aaf.Record) error, report func(aaf.Trouble) error,
) (*aaf.Reading, error) {
	for _, category := range []aaf.Category{aaf.Structures, aaf.Guardians, aaf.Pupils} {
		records := slices.DeleteFunc(slices.Clone(x.records[category]), func(r aaf.Record) bool {
			return files != nil && !files(aaf.File{Name: r.File, Category: category})
		})
		if len(records) == 0 {
			continue
		}
		if err := visit(records); err != nil {
			return nil, err
		}
		if category != aaf.Structures || report == nil {
			continue
		}
		for _, t := range x.troubles {
			if err := report(t); err != nil {
				return nil, err
			}
		}
	}
	return &aaf.Reading{}, ctx.Err()
}

// put adds a record, with what it carries and a hash of what it says.
func (x *extraction) put(r aaf.Record, carried []string) {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q", carried)
	switch {
	case r.Structure != nil:
		fmt.Fprintf(h, "%+v", *r.Structure)
	case r.Pupil != nil:
		fmt.Fprintf(h, "%+v", *r.Pupil)
	case r.Guardian != nil:
		fmt.Fprintf(h, "%+v", *r.Guardian)
	}
	r.Hash = int64(h.Sum64())
	x.records[r.Category] = append(x.records[r.Category], r.Carrying(carried...))
}

// tell adds a trouble.
func (x *extraction) tell(kind aaf.Kind, action aaf.Action, at onde.Place, category aaf.Category, key aaf.Key, attribute string) {
	x.troubles = append(x.troubles, aaf.Trouble{
		Kind: kind, Action: action, File: at.File, Record: at.Line, Line: at.Line,
		Category: category, Key: key, Attribute: attribute, Count: 1,
	})
}

// write makes the records: the school's, its guardians' and its pupils'.
func (x *extraction) write(name string, who *people) {
	x.records = map[aaf.Category][]aaf.Record{}
	x.put(aaf.Record{Category: aaf.Structures, Key: x.key, File: name, Number: 1, Structure: &aaf.Structure{UAI: x.at.UAI, Name: x.at.Name}}, nil)
	pupils := x.recognisePupils(who)
	keys := map[onde.Place]aaf.Key{}
	bonds := map[aaf.Key][]aaf.Authority{}
	for _, p := range pupils {
		keys[p.Place] = p.key
	}
	for _, g := range x.recogniseGuardians(who, pupils) {
		keys[g.Place] = g.key
		if len(g.children) == 0 {
			continue // told; whoever they are, they have not left
		}
		for _, child := range g.children {
			bonds[child] = append(bonds[child], aaf.Authority{Guardian: g.key})
		}
		x.putGuardian(g)
	}
	if x.unread[aaf.Guardians] {
		who.keepBonds(bonds)
	}
	for _, p := range pupils {
		slices.SortFunc(bonds[p.key], func(a, b aaf.Authority) int { return cmp.Compare(a.Guardian, b.Guardian) })
		x.putPupil(p, bonds[p.key], who)
	}
	for i := range x.troubles {
		if t := &x.troubles[i]; t.Key == 0 {
			t.Key = keys[onde.Place{File: t.File, Line: t.Line}]
		}
	}
	for _, t := range x.said.Troubles {
		place := onde.Place{File: t.File, Line: t.Line}
		x.tell(aaf.Kind(t.Kind), aaf.Action(t.Action), place, categoryOf(t.Of), keys[place], t.Column)
		x.troubles[len(x.troubles)-1].Count = t.Count
	}
}

// keepBonds adds to the bonds of an extraction those of the guardians of whom it
// has no row.
func (who *people) keepBonds(bonds map[aaf.Key][]aaf.Authority) {
	keys := map[school.ID]aaf.Key{}
	for _, p := range who.pupils {
		keys[p.ID] = p.keys[0]
	}
	for _, g := range who.guardians {
		for _, b := range g.bonds {
			if key, here := keys[b.Pupil]; here && !g.claimed && b.Until.IsZero() {
				bonds[key] = append(bonds[key], aaf.Authority{Guardian: g.keys[0], Link: b.Link})
			}
		}
	}
}

func (x *extraction) putGuardian(g *guardianRow) {
	record := &aaf.Guardian{
		Name:   aaf.Name{Civility: g.Civility, Birth: g.Birth, Usual: cmp.Or(g.Usual, g.Birth), First: g.First},
		Pupils: g.children, ShowAddress: g.ShowAddress,
		HomePhone: g.HomePhone, MobilePhone: g.MobilePhone, WorkPhone: g.WorkPhone, Mail: g.Mail,
		Address: aaf.Address{PostalCode: g.PostalCode, Town: g.Town, Country: g.Country},
	}
	if g.Address != "" {
		record.Address.Lines = []string{g.Address}
	}
	carried := []string{"ENTPersonNomPatro", "ENTPersonNom", "ENTPersonPrenom", "ENTPersRelEleveEleve",
		"ENTPersonAdresse", "ENTPersonCodePostal", "ENTPersonVille", "ENTPersonPays"}
	if g.Civility != "" || g.Service { // a person without a civility is no service
		carried = append(carried, "ENTPersonCivilite")
	}
	for contact, attribute := range []string{
		onde.ByMail: "ENTPersonMail", onde.ByHomePhone: "ENTPersonTelPerso", onde.ByWorkPhone: "ENTPersRelEleveTelPro",
		onde.ByMobilePhone: "ENTPersRelEleveTelMobile", onde.Shown: "ENTPersonAdresseDiffusion",
	} {
		if !slices.Contains(g.Unsaid, onde.Contact(contact)) {
			carried = append(carried, attribute)
		}
	}
	x.put(aaf.Record{Category: aaf.Guardians, Key: g.key, File: g.File, Number: g.Line, Line: g.Line, Guardian: record}, carried)
}

// putPupil adds a pupil. What an old layout does not say of them, an INE or a
// level, stays as it is known.
func (x *extraction) putPupil(p *pupilRow, bonds []aaf.Authority, who *people) {
	record := &aaf.Pupil{
		Name: aaf.Name{Civility: p.Civility, Birth: p.Birth, Usual: cmp.Or(p.Usual, p.Birth), First: p.First, Others: p.Others},
		INE:  p.INE, BirthDate: p.BirthDate, Schools: []aaf.Key{x.key}, Level: p.Level, Cycle: aaf.Coded{Code: p.Cycle},
	}
	carried := []string{"ENTPersonNomPatro", "ENTPersonNom", "ENTPersonPrenom", "ENTPersonStructRattach", "ENTPersonClasses"}
	for attribute, says := range map[string]bool{
		"ENTPersonCivilite": p.Civility != "", "ENTPersonAutresPrenoms": len(p.Others) > 0, "ENTEleveINE": p.INE != "",
		"ENTPersonDateNaissance": !p.BirthDate.IsZero(), "ENTEleveNiveau": p.Level != school.Level{}, "ENTEleveCycle": p.Cycle != "",
	} {
		if says {
			carried = append(carried, attribute)
		}
	}
	slices.Sort(carried)
	if p.Class != "" {
		record.Classes = []aaf.Membership{{School: x.key, Key: who.classKey(p.ClassKey, p.Class), Label: p.Class}}
	}
	if x.guardians {
		record.Guardians = bonds
		carried = append(carried, "ENTEleveAutoriteParentale")
	}
	x.put(aaf.Record{Category: aaf.Pupils, Key: p.key, File: p.File, Number: p.Line, Line: p.Line, Pupil: record}, carried)
}

// applySchool writes the school of an extraction: it is made by its first one
// and named then. What a human made of it stays.
func (w *writer) applySchool(c *comparison, counts *Counts) (*geography, error) {
	x := c.delivery.extraction
	known, err := readGazetteer(w.tx())
	if err != nil {
		return nil, err
	}
	seen := c.seen[aaf.Structures][x.key]
	row := directory.Structure{Ref: "uai:" + string(x.at.UAI), Kind: directory.School, UAI: x.at.UAI}
	have := known.find(seen.subject, &row)
	var did tally
	if have == nil {
		row.ID, row.From = cmp.Or(seen.subject, school.NewID(w.now.Time)), w.now
		row.Name, row.Stage = x.at.Name, stageOf("", x.said.Pupils)
		row.NameKey, row.Origin = school.Fold(row.Name), directory.Origin{Source: c.source.ID, Feed: w.feed}
		did, err = tally{added: 1}, add(w, &w.structures, row)
	} else {
		row = *have
		row.Until = db.Time{}
		switch row.Source {
		case 0:
			row.Source = c.source.ID
		case c.source.ID:
			if x.at.Name != "" {
				row.Name, row.NameKey = x.at.Name, school.Fold(x.at.Name)
			}
			row.Stage = stageOf(row.Stage, x.said.Pupils)
		}
		if !directory.Structures.Same(have, &row) {
			did, err = tally{changed: 1}, replace(w, &w.structures, *have, row)
		}
	}
	if err != nil {
		return nil, err
	}
	counts.Schools.add(did)
	seen.subject = row.ID
	g := &geography{
		ids:    map[aaf.Key]school.ID{x.key: row.ID},
		kinds:  map[school.ID]directory.Kind{row.ID: directory.School},
		stages: map[school.ID]directory.Stage{row.ID: row.Stage},
	}
	return g, w.applyKey(c, aaf.Structures, x.key, row.ID)
}

// stageOf is what a school teaches, by the levels of its pupils; a list of a
// few classes takes nothing away from what is known.
func stageOf(known directory.Stage, pupils []onde.Pupil) directory.Stage {
	small, tall := known == directory.Maternelle, known == directory.Elementaire
	for _, p := range pupils {
		small = small || p.Level.Cycle() == 1
		tall = tall || p.Level.Cycle() > 1
	}
	switch {
	case known == directory.Primaire || small && tall:
		return directory.Primaire
	case small:
		return directory.Maternelle
	}
	return directory.Elementaire
}

// FeedsSchool tells which kind of source feeds a school now; empty for none.
// Where both did, the AAF does.
func FeedsSchool(tx *db.Tx, at school.ID) (string, error) {
	return kindOf(tx, `k.subject_id = $1 AND k.category = $2 ORDER BY s.kind LIMIT 1`, at, aaf.Structures)
}

// FeedsPerson tells which kind of source says now what is known of somebody,
// their mail too; empty when none does: whose record has left is corrected by
// hand, and so is who never had one.
func FeedsPerson(tx *db.Tx, person school.ID) (string, error) {
	return kindOf(tx, `k.subject_id = $1 AND EXISTS (SELECT 1 FROM directory_person p
		WHERE p.id = k.subject_id AND p.source_id = k.source_id AND p.jointure = k.jointure) LIMIT 1`, person)
}

// kindOf is the kind of the source of a live key k that a condition finds.
func kindOf(tx *db.Tx, where string, args ...any) (string, error) {
	kind, err := db.One(tx, db.Column[string], `SELECT s.kind FROM directory_key k JOIN feed_source s ON s.id = k.source_id
		WHERE k.live AND `+where, args...)
	if fail.Is(err, fail.NotFound) {
		return "", nil
	}
	return kind, err
}
