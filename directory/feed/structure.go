package feed

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

// geography gives the register's identifier of every structure that the
// delivery names.
type geography struct {
	ids map[aaf.Key]school.ID
	// kinds tells the schools from the rest; stages, what each school teaches.
	kinds  map[school.ID]directory.Kind
	stages map[school.ID]directory.Stage
}

// applyStructures writes the structures of the delivery, and those that it
// only implies: communes, départements, RPI, the académie.
func (w *writer) applyStructures(c *comparison, counts *Counts) (*geography, error) {
	known, err := readGazetteer(w.tx())
	if err != nil {
		return nil, err
	}
	g := &geography{
		ids: map[aaf.Key]school.ID{}, kinds: map[school.ID]directory.Kind{}, stages: map[school.ID]directory.Stage{},
	}
	for _, s := range known.byID {
		g.kinds[s.ID], g.stages[s.ID] = s.Kind, s.Stage
	}
	maps.Copy(g.ids, c.elsewhere[aaf.Structures])
	within := map[school.ID][]school.ID{}
	over, err := w.placeImplied(c, known)
	if err != nil {
		return nil, err
	}
	keys := slices.Sorted(maps.Keys(c.structures))
	for _, key := range keys {
		s := c.structures[key]
		row := structureRow(c.academy, key, s)
		seen := c.seen[aaf.Structures][key]
		if have := known.find(seen.subject, &row); have != nil && have.Source != 0 && have.Source != c.source.ID && c.taken[key].source != have.Source {
			// Another académie's: its own deliveries speak for it, and nobody
			// else names its head.
			c.keep(trouble{school: key, Trouble: aaf.Trouble{
				Kind: ForeignStructure, Action: aaf.Rejected, File: c.delivery.Files[seen.place.file].Name,
				Record: int(seen.place.record), Category: aaf.Structures, Key: key, Attribute: "ENTStructureUAI", Count: 1,
			}})
			seen.state = rejected
			delete(c.structures, key)
			continue
		}
		id, did, err := w.placeStructure(c, known, seen.subject, row)
		if err != nil {
			return nil, err
		}
		if row.Kind == directory.School {
			counts.Schools.add(did)
		}
		seen.subject = id
		if err := w.applyKey(c, aaf.Structures, key, id); err != nil {
			return nil, err
		}
		g.ids[key], g.kinds[id], g.stages[id] = id, row.Kind, row.Stage
		within[id] = []school.ID{over["academy:"+c.academy]}
		for _, up := range implied(s) {
			within[id] = append(within[id], over[up.Ref])
		}
	}
	for _, key := range keys {
		s := c.structures[key]
		if s == nil || s.Circonscription == 0 {
			continue
		}
		if up, ok := g.ids[s.Circonscription]; ok && g.kinds[up] == directory.School { // of the register: a delta does not bring it
			c.notAbove(key)
		} else if ok {
			within[g.ids[key]] = append(within[g.ids[key]], up)
		} else {
			c.keep(trouble{school: key, Trouble: aaf.Trouble{
				Kind: UnknownStructure, Action: aaf.Ignored, Category: aaf.Structures, Key: key,
				Attribute: "ENTEcoleCirconscription", Count: 1,
			}})
		}
	}
	return g, w.applyWithins(c, within)
}

// placeImplied writes the structures that the records only name, each once:
// of several names for one, the most frequent stands, then the first.
func (w *writer) placeImplied(c *comparison, known gazetteer) (map[string]school.ID, error) {
	named := map[string]map[string]int{}
	kinds := map[string]directory.Kind{}
	name := func(s directory.Structure) {
		if named[s.Ref] == nil {
			named[s.Ref] = map[string]int{}
		}
		named[s.Ref][s.Name]++
		kinds[s.Ref] = s.Kind
	}
	name(directory.Structure{Ref: "academy:" + c.academy, Kind: directory.Academy, Name: academyName(c)})
	for _, s := range c.structures {
		for _, up := range implied(s) {
			name(up)
		}
	}
	ids := map[string]school.ID{}
	for _, ref := range slices.Sorted(maps.Keys(named)) {
		best := slices.MaxFunc(slices.Sorted(maps.Keys(named[ref])), func(a, b string) int {
			return cmp.Compare(named[ref][a], named[ref][b])
		})
		id, _, err := w.placeStructure(c, known, 0, directory.Structure{Ref: ref, Kind: kinds[ref], Name: best})
		if err != nil {
			return nil, err
		}
		ids[ref] = id
	}
	return ids, nil
}

// gazetteer is the structures that the register knows.
type gazetteer struct {
	byRef map[string]*directory.Structure
	byID  map[school.ID]*directory.Structure
}

func readGazetteer(tx *db.Tx) (gazetteer, error) {
	g := gazetteer{map[string]*directory.Structure{}, map[school.ID]*directory.Structure{}}
	rows, err := directory.Structures.All(tx, "TRUE")
	for i := range rows {
		g.put(&rows[i])
	}
	return g, err
}

func (g gazetteer) put(s *directory.Structure) { g.byRef[s.Ref], g.byID[s.ID] = s, s }

// find gives the structure of a record: the one that its key named before,
// else the one that has its reference. A key outlives a UAI that is mistyped
// or that changes.
func (g gazetteer) find(subject school.ID, want *directory.Structure) *directory.Structure {
	have := g.byID[subject]
	if have == nil {
		return g.byRef[want.Ref]
	}
	taken := g.byRef[want.Ref]
	if taken != nil && taken != have || have.UAI.Valid() && !want.UAI.Valid() {
		want.Ref, want.UAI = have.Ref, have.UAI
	}
	return have
}

// placeStructure writes a structure where the register does not say it yet,
// and gives its identifier; subject is what its key named before, or 0.
func (w *writer) placeStructure(c *comparison, known gazetteer, subject school.ID, want directory.Structure) (school.ID, tally, error) {
	want.NameKey = school.Fold(want.Name)
	have := known.find(subject, &want)
	if have == nil {
		want.ID, want.From = cmp.Or(subject, school.NewID(w.now.Time)), w.now
		want.Origin = directory.Origin{Source: c.source.ID, Feed: w.feed}
		known.put(&want)
		return want.ID, tally{added: 1}, add(w, &w.structures, want)
	}
	if have.Kind != directory.School && have.Source != c.source.ID {
		return have.ID, tally{}, nil // made by hand, or named by another académie
	}
	want.ID, want.From, want.Origin = have.ID, have.From, have.Origin
	if have.Kind == directory.School && c.takes(have.Source) {
		want.Source = c.source.ID
	}
	if directory.Structures.Same(have, &want) {
		return have.ID, tally{}, nil
	}
	before := *have
	*have = want
	known.put(have)
	did := tally{changed: 1}
	if !before.Until.IsZero() {
		did = tally{added: 1} // it opens again
	}
	return want.ID, did, replace(w, &w.structures, before, want)
}

// applyWithins makes what is within what be as the delivery says, for its own
// structures.
func (w *writer) applyWithins(c *comparison, within map[school.ID][]school.ID) error {
	rows, err := directory.Withins.All(w.tx(), "source_id = $1", c.source.ID)
	if err != nil {
		return err
	}
	known := map[[2]school.ID]bool{}
	for _, row := range rows {
		known[[2]school.ID{row.Structure, row.Ancestor}] = true
		if above, ours := within[row.Structure]; ours && !slices.Contains(above, row.Ancestor) {
			if err := keep(w, &w.withins, row); err != nil {
				return err
			}
			if _, err := w.tx().Exec(`DELETE FROM directory_within WHERE structure_id = $1 AND ancestor_id = $2`,
				row.Structure, row.Ancestor); err != nil {
				return err
			}
			if err := directory.Void(w.tx(), row.Structure); err != nil {
				return err
			}
		}
	}
	for id, above := range within {
		for _, up := range above {
			pair := [2]school.ID{id, up}
			if known[pair] {
				continue
			}
			known[pair] = true
			row := directory.Within{Structure: id, Ancestor: up, Origin: directory.Origin{Source: c.source.ID, Feed: w.feed}}
			if err := add(w, &w.withins, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// structureRow makes a structure's row of its record.
func structureRow(academy string, key aaf.Key, s *aaf.Structure) directory.Structure {
	ref := fmt.Sprintf("aaf:%s:%d", academy, key)
	if s.UAI != "" {
		ref = "uai:" + string(s.UAI)
	}
	kind := structureKind(s)
	row := directory.Structure{
		Ref: ref, Kind: kind, UAI: s.UAI,
		TypeCode: s.Type.Code, Type: s.Type.Label,
		Sector: s.Sector, Contract: s.Contract, SIRET: s.SIRET, Ministry: s.Ministry.Label,
		Address: strings.Join(s.Address.Lines, "\n"), PostalCode: s.Address.PostalCode, Town: school.Proper(s.Address.Town),
		Phone: s.Phone, Fax: s.Fax, Mail: s.Mail,
	}
	if kind == directory.School {
		row.Stage = stage(s)
	}
	row.Name = structureName(s, row.Stage)
	return row
}

// structureKind reads the type's label: codes came late and are often absent.
func structureKind(s *aaf.Structure) directory.Kind {
	label := school.Fold(s.Type.Label)
	switch {
	case strings.HasPrefix(label, "ecole"):
		return directory.School
	case strings.HasPrefix(label, "circonscription"):
		return directory.Circonscription
	}
	return directory.Office
}

// stage reads the prefix of the name, since the type says "elementaire" for
// every school that is not a maternelle.
func stage(s *aaf.Structure) directory.Stage {
	switch {
	case strings.HasPrefix(s.Prefix, "E.M"):
		return directory.Maternelle
	case strings.HasPrefix(s.Prefix, "E.E"):
		return directory.Elementaire
	case strings.HasPrefix(s.Prefix, "E.P"):
		return directory.Primaire
	case strings.HasPrefix(school.Fold(s.Type.Label), "ecole maternelle"):
		return directory.Maternelle
	}
	return directory.Elementaire
}

var stageNames = map[directory.Stage]string{
	directory.Maternelle:  "École maternelle",
	directory.Elementaire: "École élémentaire",
	directory.Primaire:    "École primaire",
}

// structureName makes of "E.P.PU$LES LILAS$BELLEVILLE" the name that people
// use, "École primaire Les Lilas", and of "E.P.PU$$BELLEVILLE" "École primaire
// de Belleville".
func structureName(s *aaf.Structure, stage directory.Stage) string {
	name, place := school.Proper(s.Name), school.Proper(s.Place)
	first := stageNames[stage]
	if first == "" {
		first = s.Prefix
	}
	switch {
	case name != "" && first != "":
		return first + " " + name
	case name != "":
		return name
	case place != "" && stage != "":
		return first + " de " + place
	case place != "":
		return strings.TrimSpace(first + " " + place)
	}
	return strings.TrimSpace(first + " " + string(s.UAI))
}

// implied are the structures that a record names without being theirs.
func implied(s *aaf.Structure) (up []directory.Structure) {
	if s.Commune.INSEE != "" {
		up = append(up, directory.Structure{
			Ref: "commune:" + s.Commune.INSEE, Kind: directory.Commune, Name: school.Proper(s.Commune.Name),
		})
	}
	if s.Commune.Department != "" {
		up = append(up, directory.Structure{
			Ref: "department:" + s.Commune.Department, Kind: directory.Department, Name: s.Commune.Department,
		})
	}
	if s.RPI.Code != "" {
		up = append(up, directory.Structure{
			Ref: "rpi:" + s.RPI.Code, Kind: directory.RPI, Name: school.Proper(s.RPI.Name),
		})
	}
	return up
}

// academyName is the académie's name as its structures give it.
func academyName(c *comparison) string {
	for _, key := range slices.Sorted(maps.Keys(c.structures)) {
		if label := c.structures[key].Academy.Label; label != "" {
			return school.Proper(label)
		}
	}
	return c.academy
}
