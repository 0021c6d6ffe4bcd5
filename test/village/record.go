package village

import (
	"cmp"
	"slices"
	"time"
)

// category is the kind of a record, as files and records name it.
type category string

const (
	structures category = "EtabEducNat"
	staffs     category = "PersEducNat"
	pupils     category = "Eleve"
	guardians  category = "PersRelEleve"
)

// categories lists them in the order in which a delivery is written.
var categories = []category{structures, staffs, pupils, guardians}

// kindAttr is the operational attribute that announces a record.
func (c category) kindAttr() string {
	if c == structures {
		return "categorieStructure"
	}
	return "categoriePersonne"
}

// record is what a delivery says of one structure or person: every attribute
// of its category, in the order of the deliveries, empty ones included.
type record struct {
	category category
	id       string
	attrs    []attr
}

// attr is an attribute and its values; one empty value when it says nothing.
type attr struct {
	name   string
	values []string
}

func (r *record) put(name string, values ...string) {
	if len(values) == 0 {
		values = []string{""}
	}
	r.attrs = append(r.attrs, attr{name, values})
}

// attr finds an attribute by its name: the first one, or nil.
func (r *record) attr(name string) *attr {
	for i := range r.attrs {
		if r.attrs[i].name == name {
			return &r.attrs[i]
		}
	}
	return nil
}

// records tells everything of a locality, one list per category, each in the
// order of its jointures.
func (l *locality) records() map[category][]record {
	all := map[category][]record{}
	for _, e := range l.schools {
		all[structures] = append(all[structures], l.schoolRecord(e))
	}
	for _, t := range sorted(l.staff, func(t *teacher) int64 { return t.id }) {
		all[staffs] = append(all[staffs], t.record())
	}
	var children []*pupil
	var adults []*guardian
	for _, f := range l.families {
		children = append(children, f.pupils...)
		adults = append(adults, f.guardians...)
	}
	for _, p := range sorted(children, func(p *pupil) int64 { return p.id }) {
		all[pupils] = append(all[pupils], p.record())
	}
	for _, g := range sorted(adults, func(g *guardian) int64 { return g.id }) {
		all[guardians] = append(all[guardians], g.record())
	}
	return all
}

func sorted[T any](list []T, key func(T) int64) []T {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	return list
}

func (l *locality) schoolRecord(e *establishment) record {
	sector, dot := "PU", ".PU"
	if e.private {
		sector, dot = "PR", ".PR"
	}
	return structureRecord(structure{
		id:      e.id,
		uai:     string(e.uai),
		siret:   siret(e.commune, e.rank),
		name:    e.kind.prefix + dot + "$" + e.name + "$" + e.commune.name,
		kind:    e.kind.label,
		code:    e.kind.code,
		sector:  sector,
		office:  itoa(l.office.id),
		commune: e.commune,
		rpi:     e.rpi,
		street:  "1 " + e.street,
		phone:   e.phone,
	})
}

func (p *pupil) record() record {
	r := record{category: pupils, id: itoa(p.id), attrs: make([]attr, 0, 24)}
	e, c := itoa(p.class.school.id), itoa(p.class.id)
	authorities := make([]string, len(p.bonds))
	for i, b := range p.bonds {
		authorities[i] = itoa(b.guardian.id) + "$" + string(b.link)
	}
	r.put("ENTPersonJointure", r.id)
	r.put("ENTEleveINE", string(p.ine))
	r.put("ENTPersonDateNaissance", date(p.born))
	r.put("ENTPersonCivilite", p.civility)
	r.put("ENTPersonStructRattach", e)
	r.put("ENTEleveAutoriteParentale", authorities...)
	r.put("ENTEleveRestaurantScolaire", yes(p.lunch))
	r.put("ENTEleveTransport", yes(p.transport))
	r.put("ENTEleveGarderieMatin", yes(p.morningCare))
	r.put("ENTEleveGarderieSoir", yes(p.eveningCare))
	r.put("ENTEleveEtudesSurveillees", yes(p.study))
	r.put("ENTEleveNiveau", p.level.Code+"$"+p.level.Label)
	r.put("ENTEleveCycle", cycles[p.level.Cycle()])
	r.put("ENTEleveTypeClasse", p.class.kind)
	r.put("ENTEleveDateEntreeClasses", e+"$"+date(p.entered)+"$"+c)
	r.put("ENTEleveDateSortieClasses")
	r.put("ENTEleveDateEntreeStructRattach", date(p.joined))
	r.put("ENTEleveDateSortieStructRattach")
	r.put("ENTPersonClasses", p.class.membership())
	if p.choir != nil {
		r.put("ENTPersonGroupes", p.choir.membership())
	} else {
		r.put("ENTPersonGroupes")
	}
	r.put("ENTPersonNomPatro", p.birth)
	r.put("ENTPersonNom", p.usual)
	r.put("ENTPersonPrenom", p.first)
	r.put("ENTPersonAutresPrenoms", p.others...)
	return r
}

// cycles are the values of ENTEleveCycle, by the number of the cycle.
var cycles = [...]string{1: "1$CYCLE I", 2: "2$CYCLE II", 3: "3$CYCLE III"}

func (g *guardian) record() record {
	r := record{category: guardians, id: itoa(g.id), attrs: make([]attr, 0, 16)}
	children := make([]string, len(g.pupils))
	for i, p := range g.pupils {
		children[i] = itoa(p.id)
	}
	r.put("ENTPersonJointure", r.id)
	r.put("ENTPersonCivilite", g.civility)
	r.put("ENTPersRelEleveEleve", children...)
	r.put("ENTPersonAdresse", g.home.value())
	r.put("ENTPersonCodePostal", g.home.postcode)
	r.put("ENTPersonVille", g.home.town)
	r.put("ENTPersonPays", g.home.country)
	r.put("ENTPersonAdresseDiffusion", yes(g.shown))
	r.put("ENTPersonTelPerso", g.contact.home)
	r.put("ENTPersRelEleveTelMobile", g.mobile)
	r.put("ENTPersonMail", g.mail)
	r.put("ENTPersRelEleveTelPro", g.work)
	r.put("ENTPersonNomPatro", g.birth)
	r.put("ENTPersonNom", g.usual)
	r.put("ENTPersonPrenom", g.first)
	r.put("ENTPersonAutresPrenoms", g.others...)
	return r
}

// record tells of a teacher. The true deliveries give the autres prénoms
// twice, first empty and then filled: so does this one.
func (t *teacher) record() record {
	r := record{category: staffs, id: itoa(t.id), attrs: make([]attr, 0, 14)}
	var schools, functions, directs, specialties []string
	for _, e := range t.schools {
		schools = append(schools, itoa(e.id))
	}
	for _, f := range t.functions {
		functions = append(functions, itoa(f.structure)+"$"+f.post.function+"$"+f.post.specialty)
		specialties = append(specialties, f.post.specialty)
	}
	for _, e := range t.directs {
		directs = append(directs, itoa(e.id))
	}
	r.put("ENTPersonJointure", r.id)
	r.put("ENTPersonDateNaissance", date(t.born))
	r.put("ENTPersonAutresPrenoms")
	r.put("ENTPersonCivilite", t.civility)
	r.put("ENTPersonStructRattach", schools...)
	r.put("ENTPersonFonctions", functions...)
	r.put("ENTPersonCategorieEnseignant", yes(!t.other))
	r.put("ENTEnsFonctionDir", directs...)
	r.put("ENTEnsSpecialites", specialties...)
	r.put("ENTPersonNomPatro", t.birth)
	r.put("ENTPersonNom", t.usual)
	r.put("ENTPersonPrenom", t.first)
	r.put("ENTPersonAutresPrenoms", t.others...)
	r.put("ENTPersonMail", t.mail)
	return r
}

// date writes a day as deliveries do.
func date(t time.Time) string { return t.Format("02/01/2006") }

// yes writes a boolean: O (oui) or N (non).
func yes(b bool) string {
	if b {
		return "O"
	}
	return "N"
}
