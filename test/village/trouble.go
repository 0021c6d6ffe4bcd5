package village

import "slices"

// Trouble is a kind of fault, as the true deliveries have them. Each concerns
// one record: a delivery with troubles is still to be accepted, less some
// records.
type Trouble string

// The kinds of troubles.
const (
	UnknownAttribute   Trouble = "unknown attribute"
	ForbiddenAttribute Trouble = "attribute outside RU-003" // what a portal may not know
	MissingKey         Trouble = "missing key"
	DuplicateKey       Trouble = "duplicate key" // two records of one jointure, which differ
	MissingName        Trouble = "missing name"
	MalformedClass     Trouble = "malformed class"    // four fields of the five
	MalformedFunction  Trouble = "malformed function" // idem
	MalformedBond      Trouble = "malformed bond"     // one field of the two
	MalformedDate      Trouble = "malformed date"
	MalformedBoolean   Trouble = "malformed boolean"
	MalformedINE       Trouble = "malformed INE"
	MalformedUAI       Trouble = "malformed UAI" // wrong check letter
	MalformedPhone     Trouble = "malformed phone"
	MalformedMail      Trouble = "malformed mail"
	SameINE            Trouble = "same INE" // as the pupil before
	UnknownGuardian    Trouble = "unknown guardian"
	UnknownPupil       Trouble = "unknown pupil"
	UnknownStructure   Trouble = "unknown structure" // of a class
	UnknownModified    Trouble = "modified unknown"  // deltas only: to be created
	UnknownDeleted     Trouble = "deleted unknown"   // deltas only
)

// fault spoils one record of a category in so many: the one of the given
// rank, then again after each period.
type fault struct {
	kind  Trouble
	in    category
	rank  int
	spoil spoiler
}

// spoiler spoils a record, given the one before; it returns false when the
// record does not lend itself, as in a partial modification.
type spoiler func(r, before *record) bool

// period is the distance between two records with the same fault.
const period = 1_000

// The ranks are below the numbers of records of one school, so that even the
// smallest village has one fault of each kind.
var faults = []fault{
	{MalformedUAI, structures, 3, wrongLetter},

	{MalformedFunction, staffs, 3, set("ENTPersonFonctions", "401$ENS$ENSEIGNEMENT$G0000")},
	{MalformedDate, staffs, 4, set("ENTPersonDateNaissance", "31/02/1980")},
	{MissingName, staffs, 5, set("ENTPersonNom", "")},

	{UnknownAttribute, pupils, 10, attach("ENTEleveCouleurPreferee", "bleu")},
	{MalformedClass, pupils, 13, set("ENTPersonClasses", "401$11$ORDINAIRE$100000")},
	{MissingName, pupils, 16, set("ENTPersonNom", "")},
	{MissingKey, pupils, 19, dropKey},
	{DuplicateKey, pupils, 22, double},
	{UnknownGuardian, pupils, 25, join("ENTEleveAutoriteParentale", itoa(nobodyID)+"$90")},
	{MalformedBond, pupils, 28, join("ENTEleveAutoriteParentale", itoa(nobodyID))},
	{UnknownStructure, pupils, 31, set("ENTPersonClasses", "9999$11$ORDINAIRE$999999$CP - Mme PERDUE")},
	{MalformedDate, pupils, 34, set("ENTPersonDateNaissance", "2018-03-04")},
	{MalformedBoolean, pupils, 37, set("ENTEleveRestaurantScolaire", "PARFOIS")},
	{MalformedINE, pupils, 40, shortINE},
	{SameINE, pupils, 43, sameINE},

	{UnknownAttribute, guardians, 10, attach("ENTPersRelEleveSigneParticulier", "aucun")},
	{ForbiddenAttribute, guardians, 13, attach("ENTPersRelEleveProfession", "52$EMPLOYE CIVIL")},
	{MissingName, guardians, 16, set("ENTPersonNom", "")},
	{DuplicateKey, guardians, 19, double},
	{UnknownPupil, guardians, 22, join("ENTPersRelEleveEleve", itoa(nobodyID))},
	{MalformedPhone, guardians, 25, set("ENTPersRelEleveTelMobile", "+33 9999")},
	{MalformedMail, guardians, 28, set("ENTPersonMail", "pas de mail")},
	{MalformedBoolean, guardians, 31, set("ENTPersonAdresseDiffusion", "PARFOIS")},
}

// sower spoils records on their way to the files.
type sower struct {
	seen map[category]int    // records so far
	last map[category]record // the one before, as it was written
	sown map[Trouble]int
}

func newSower() *sower {
	return &sower{seen: map[category]int{}, last: map[category]record{}, sown: map[Trouble]int{}}
}

// sow returns what to write in the place of a record: itself, spoiled or not,
// or two records. A deletion is left alone.
func (s *sower) sow(what request, r record) []record {
	if what == remove {
		return []record{r}
	}
	rank, before := s.seen[r.category]%period, s.last[r.category]
	s.seen[r.category]++
	s.last[r.category] = r
	i := slices.IndexFunc(faults, func(f fault) bool { return f.in == r.category && f.rank == rank })
	if i < 0 {
		return []record{r}
	}
	spoiled := r.clone()
	if !faults[i].spoil(&spoiled, &before) {
		return []record{r}
	}
	s.sown[faults[i].kind]++
	if faults[i].kind == DuplicateKey {
		return []record{r, spoiled}
	}
	return []record{spoiled}
}

// anomaly is a request that only a delta can get wrong.
type anomaly struct {
	kind    Trouble
	request request
	record  record
}

// anomalies are the requests that contradict what came before: they name
// people of whom no delivery told.
func anomalies() []anomaly {
	stranger := guardian{
		id:       nobodyID - 1,
		identity: identity{civility: madam, birth: "INCONNU", usual: "INCONNU", first: "Dominique", others: []string{"Dominique"}},
		home:     &home{country: "PAYS INCONNU"},
	}
	return []anomaly{
		{UnknownModified, modify, stranger.record()},
		{UnknownDeleted, remove, record{category: pupils, id: itoa(nobodyID)}},
	}
}

// clone copies a record, so that spoiling it leaves the locality's alone.
func (r record) clone() record {
	r.attrs = slices.Clone(r.attrs)
	for i := range r.attrs {
		r.attrs[i].values = slices.Clone(r.attrs[i].values)
	}
	return r
}

// set replaces the values of an attribute.
func set(name, value string) spoiler {
	return func(r, _ *record) bool {
		a := r.attr(name)
		if a != nil {
			a.values = []string{value}
		}
		return a != nil
	}
}

// join adds a value to an attribute.
func join(name, value string) spoiler {
	return func(r, _ *record) bool {
		a := r.attr(name)
		if a != nil {
			a.values = append(a.values, value)
		}
		return a != nil
	}
}

// attach adds an attribute.
func attach(name, value string) spoiler {
	return func(r, _ *record) bool {
		r.put(name, value)
		return true
	}
}

// dropKey empties the identifier and the jointure.
func dropKey(r, _ *record) bool {
	r.id = ""
	return set("ENTPersonJointure", "")(r, nil)
}

// wrongLetter gives the next check letter to a UAI.
func wrongLetter(r, _ *record) bool {
	a := r.attr("ENTStructureUAI")
	uai := []byte(a.values[0])
	uai[7] = 'A' + (uai[7]-'A'+1)%26
	a.values[0] = string(uai)
	return true
}

// double makes the second of two records of one key: another first name.
func double(r, _ *record) bool { return set("ENTPersonPrenom", "Dominique")(r, nil) }

// shortINE loses the last letter.
func shortINE(r, _ *record) bool {
	a := r.attr("ENTEleveINE")
	if a != nil {
		a.values[0] = a.values[0][:10]
	}
	return a != nil
}

// sameINE takes the INE of the pupil before.
func sameINE(r, before *record) bool {
	ine := before.attr("ENTEleveINE")
	return ine != nil && set("ENTEleveINE", ine.values[0])(r, nil)
}
