package aaf

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"preau/core/school"
)

// collected is what a delivery says.
type collected struct {
	reading  *Reading
	records  []Record
	troubles []Trouble
}

func collect(t *testing.T, path string) (collected, error) {
	t.Helper()
	source, err := Open(path)
	if err != nil {
		return collected{}, err
	}
	t.Cleanup(func() { source.Close() })
	if n := len(source.Deliveries()); n != 1 {
		t.Fatalf("%s holds %d deliveries", path, n)
	}
	d := &source.Deliveries()[0]
	if err := d.Check(); err != nil {
		return collected{}, err
	}
	var c collected
	c.reading, err = d.Read(t.Context(), nil,
		func(batch []Record) error { c.records = append(c.records, batch...); return nil },
		func(trouble Trouble) error { c.troubles = append(c.troubles, trouble); return nil })
	return c, err
}

// find gives the record of a category and key.
func (c collected) find(t *testing.T, category Category, key Key) Record {
	t.Helper()
	for _, r := range c.records {
		if r.Category == category && r.Key == key {
			return r
		}
	}
	t.Fatalf("no %s %d", category, key)
	return Record{}
}

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

// TestGoodDelivery reads every attribute of the annex once.
func TestGoodDelivery(t *testing.T) {
	c, err := collect(t, "testdata/good")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.troubles) > 0 || len(c.records) != 7 {
		t.Fatalf("%d records, troubles %v", len(c.records), c.troubles)
	}
	for category, want := range map[Category]int{Structures: 2, Staffs: 1, Pupils: 2, Guardians: 2} {
		if got := c.reading.Count(category); got != (Tally{Added: want}) {
			t.Errorf("%s: %+v", category, got)
		}
	}
	header := Header{"AAF-VE2003", "Annexe 1 version 6.3", "25", "1D", day(2026, time.September, 1)}
	if got := c.reading.Files[0].Header; got != header {
		t.Errorf("header %+v", got)
	}
	pupil := Pupil{
		Name: Name{"Mme", "D'ESSAI", "D'ESSAI", "Zoé", []string{"Zoé"}},
		INE:  "123456789AB", BirthDate: day(2019, time.March, 4), Schools: []Key{412},
		Guardians: []Authority{{Guardian: 3431001, Link: "10"}, {Guardian: 3431002, Link: "20"}},
		Canteen:   true, EveningCare: true,
		Level: school.CP, Cycle: Coded{"2", "CYCLE II"}, ClassType: Coded{"11", "ORDINAIRE"},
		Classes: []Membership{{412, Coded{"11", "ORDINAIRE"}, "73001", "CP-CE1 Mme EXEMPLE"}},
		Entries: []Stay{{412, day(2025, time.September, 1), "73001"}}, Enrolled: day(2024, time.September, 1),
	}
	sibling := pupil
	sibling.INE, sibling.First = "987654321CD", "Chloe"
	sibling.Guardians = []Authority{{3431001, "10", "1", "2"}}
	sibling.Groups = []Membership{
		{412, Coded{"40", "REGROUPEMENT"}, "73547", "Chorale"}, {412, Coded{"40", "REGROUPEMENT"}, "73548", "Prix : 5 $ & demi"},
	}
	structure := Structure{
		UAI: "0789001K", SIRET: "21780000100011", Prefix: "E.P.PU", Name: "LES TESTS", Place: "BELLEVILLE",
		Type: Coded{"151", "ECOLE DE NIVEAU ELEMENTAIRE"}, Ministry: Coded{"06", "MINISTERE DE L'EDUCATION NATIONALE"},
		Sector: "PU", Circonscription: 9001, Commune: Commune{"78999", "BELLEVILLE", "078"},
		RPI: RPI{"078001", "BELLEVILLE/BONNEVILLE", "078"}, Academy: Coded{"25", "VERSAILLES"},
		Address: Address{Lines: []string{"1 rue des Essais"}, POBox: "BP 12", PostalCode: "78999", Town: "BELLEVILLE"},
		Phone:   "+33 1 99 00 00 01", Mail: "ce.0789001k@exemple.test",
	}
	guardian := Guardian{
		Name:   Name{"Mme", "EXEMPLE", "D'ESSAI", "Claude", []string{"Claude"}},
		Pupils: []Key{3420011, 3420012}, MobilePhone: "+33 6 39 98 00 01",
		Address: Address{Lines: []string{"12 RUE DES TESTS"}, PostalCode: "78999", Town: "BELLEVILLE", Country: "FRANCE"},
	}
	service := Guardian{
		Name: Name{Usual: "SERVICE D'ACCUEIL"}, Pupils: []Key{3420011}, ShowAddress: true, MobilePhone: "+33 6 39 98 00 01",
		Address: Address{PostalCode: "78999", Town: "BELLEVILLE"}, Mail: "Accueil@exemple.test",
	}
	staff := Staff{
		Name: Name{"M.", "MODELE", "MODELE", "Alix", []string{"Alix", "Angèle"}},
		Mail: "alix.modele@ac-exemple.test", Schools: []Key{412},
		Functions: []Function{{412, Coded{"ENS", "ENSEIGNEMENT"}, Coded{"D0000", "DIRECTION"}}, {Structure: 413}},
		Directs:   []Key{412}, Teaching: true, Specialties: []Coded{{"D0000", "DIRECTION"}},
	}
	for _, want := range []Record{
		{Category: Structures, Key: 412, Number: 1, Line: 8, Structure: &structure},
		{Category: Staffs, Key: 52820, Number: 1, Line: 8, Staff: &staff},
		{Category: Pupils, Key: 3420011, Number: 1, Line: 8, Pupil: &pupil},
		{Category: Pupils, Key: 3420012, Number: 1, Line: 8, Pupil: &sibling},
		{Category: Guardians, Key: 3431001, Number: 1, Line: 8, Guardian: &guardian},
		{Category: Guardians, Key: 3431002, Number: 2, Line: 31, Guardian: &service},
	} {
		got := c.find(t, want.Category, want.Key)
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Record{}, "File", "Hash"), cmpopts.IgnoreUnexported(Record{})); diff != "" {
			t.Error(diff)
		}
	}
	if !c.find(t, Guardians, 3431002).Guardian.Organisation() || !staff.Functions[0].Heads() {
		t.Error("the service is an organisation and Alix heads a school")
	}
}

func TestDelta(t *testing.T) {
	c, err := collect(t, "testdata/delta")
	if err != nil {
		t.Fatal(err)
	}
	if got := c.reading.Count(Pupils); got != (Tally{Added: 1, Modified: 2, Deleted: 1}) || len(c.troubles) > 0 {
		t.Fatalf("%+v, troubles %v", got, c.troubles)
	}
	modified := c.find(t, Pupils, 3420011)
	for attribute, want := range map[string]bool{
		"ENTEleveNiveau": true, "ENTPersonGroupes": true, "ENTPersonMail": true, // the last two erase
		"ENTPersonNom": false, "ENTPersonDateNaissance": false, "ENTEleveDoudou": false,
	} {
		if modified.Has(attribute) != want {
			t.Errorf("Has(%s) = %v", attribute, !want)
		}
	}
	if p := modified.Pupil; modified.Op != Modify || p.Level != school.CE1 || p.Usual != "" || p.Groups != nil {
		t.Errorf("%+v", p)
	}
	if deleted := c.find(t, Pupils, 3420012); deleted.Op != Delete || deleted.Pupil != nil {
		t.Errorf("%+v", deleted)
	}
	structure := c.find(t, Structures, 412)
	if !structure.Has("ENTStructureEmail") || !structure.Has("ENTStructureMailSI") {
		t.Error("the two names of the mail are one attribute")
	}
	var same []int64
	for _, r := range c.records {
		if r.Key == 3420013 {
			same = append(same, r.Hash)
		}
	}
	if len(same) != 2 || same[0] != same[1] {
		t.Errorf("a modification and the addition that says the same have hashes %v", same)
	}
}

// TestTroubledDelivery expects every trouble of testdata/troubled, and no
// other.
func TestTroubledDelivery(t *testing.T) {
	c, err := collect(t, "testdata/troubled")
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Category  Category
		Record    int
		Kind      Kind
		Action    Action
		Key       Key
		Attribute string
		Count     int
	}
	want := []row{
		{Structures, 1, InvalidUAI, Kept, 412, "ENTStructureUAI", 1},
		{Structures, 2, MissingName, Rejected, 413, "ENTStructureNomCourant", 1},
		{Structures, 3, MalformedComposite, Rejected, 414, "ENTStructureNomCourant", 1},
		{Structures, 4, MalformedReference, Rejected, 415, "ENTEcoleCirconscription", 1},
		{Structures, 5, MalformedPhone, Ignored, 416, "ENTStructureTelephone", 1},
		{Structures, 5, MissingAttribute, Kept, 416, "ENTStructureUAI", 1},
		{Staffs, 1, DroppedAttribute, Ignored, 52820, "ENTPersonDateNaissance", 4},
		{Staffs, 1, DroppedAttribute, Ignored, 52820, "ENTPersonTelPerso", 1},
		{Staffs, 2, MalformedComposite, Rejected, 52821, "ENTPersonFonctions", 1},
		{Staffs, 3, MalformedBoolean, Ignored, 52822, "ENTPersonCategorieEnseignant", 1},
		{Staffs, 4, DuplicateAttribute, Kept, 52823, "ENTPersonFonctions", 1},
		{Staffs, 4, DuplicateAttribute, Ignored, 52823, "ENTPersonMail", 1},
		{Pupils, 1, MissingKey, Rejected, 0, "", 1},
		{Pupils, 2, MalformedKey, Rejected, 0, "", 1},
		{Pupils, 3, KeyMismatch, Rejected, 3420013, "ENTPersonJointure", 1},
		{Pupils, 4, MissingName, Rejected, 3420014, "ENTPersonNom", 1},
		{Pupils, 5, MalformedComposite, Rejected, 3420015, "ENTEleveAutoriteParentale", 1},
		{Pupils, 6, MalformedReference, Rejected, 3420016, "ENTPersonStructRattach", 1},
		{Pupils, 7, MalformedDate, Ignored, 3420017, "ENTPersonDateNaissance", 1},
		{Pupils, 8, InvalidINE, Kept, 3420018, "ENTEleveINE", 1},
		{Pupils, 9, MissingUsualName, Kept, 3420019, "ENTPersonNom", 1},
		{Pupils, 10, ExtraValue, Ignored, 3420020, "ENTEleveNiveau", 1},
		{Pupils, 11, MissingAttribute, Kept, 3420021, "ENTEleveCycle", 1},
		{Pupils, 11, UnknownAttribute, Ignored, 3420021, "ENTEleveDoudou", 2},
		{Pupils, 12, DroppedAttribute, Ignored, 3420022, "ENTEleveBoursier", 1},
		{Pupils, 13, MalformedDate, Ignored, 3420023, "ENTEleveDateEntreeClasses", 1},
		{Guardians, 1, MalformedMail, Ignored, 3431001, "ENTPersonMail", 1},
		{Guardians, 2, MissingName, Rejected, 3431002, "ENTPersonPrenom", 1},
		{Guardians, 3, DroppedAttribute, Ignored, 3431003, "ENTPersRelEleveProfession", 1},
	}
	var got []row
	met := map[Kind]bool{}
	for _, tr := range c.troubles {
		got = append(got, row{tr.Category, tr.Record, tr.Kind, tr.Action, tr.Key, tr.Attribute, tr.Count})
		met[tr.Kind] = true
		if tr.Line < 8 || !strings.Contains(tr.File, string(tr.Category)) {
			t.Errorf("%+v has no place", tr)
		}
	}
	byPlace := cmpopts.SortSlices(func(a, b row) bool {
		return slices.Index(categories, a.Category)*1000+a.Record*10 < slices.Index(categories, b.Category)*1000+b.Record*10
	})
	slices.SortStableFunc(got, func(a, b row) int {
		place := func(r row) int { return slices.Index(categories, r.Category)*1000 + r.Record }
		return place(a) - place(b)
	})
	if diff := cmp.Diff(want, got, byPlace); diff != "" {
		t.Error(diff)
	}
	for _, kind := range Kinds {
		if !met[kind] {
			t.Errorf("no case of %s in the corpus", kind)
		}
	}
	for category, want := range map[Category]Tally{
		Structures: {Added: 2, Rejected: 3}, Staffs: {Added: 3, Rejected: 1},
		Pupils: {Added: 7, Rejected: 6}, Guardians: {Added: 3, Rejected: 1},
	} {
		if got := c.reading.Count(category); got != want {
			t.Errorf("%s: %+v, want %+v", category, got, want)
		}
	}
	if r := c.find(t, Pupils, 3420017); r.Has("ENTPersonDateNaissance") || !r.Pupil.BirthDate.IsZero() {
		t.Error("an ignored value must not erase what is known")
	}
	if r := c.find(t, Pupils, 3420023); len(r.Pupil.Entries) != 1 || !r.Has("ENTEleveDateEntreeClasses") {
		t.Error("the other values of the attribute stay")
	}
	if r := c.find(t, Pupils, 3420019); r.Pupil.Usual != "D'ESSAI" {
		t.Error("the family name stands for the usual name")
	}
	if r := c.find(t, Staffs, 52823); len(r.Staff.Functions) != 3 || r.Staff.Mail != "alix.modele@ac-exemple.test" {
		t.Errorf("%+v", r.Staff)
	}
}

// TestRefusedFiles expects each file of testdata/refused to be refused as its
// name says, with its place and without repeating what people are called.
func TestRefusedFiles(t *testing.T) {
	paths, err := filepath.Glob("testdata/refused/*.xml")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	covered := []RefusalKind{ // by other tests
		TooLarge, UnknownContainer, Damaged, Bomb, WrongDate, MissingChunk, RepeatedChunk, MissingCategory,
	}
	defer func() {
		for _, kind := range RefusalKinds {
			if !slices.Contains(covered, kind) {
				t.Errorf("no case of %s in the corpus", kind)
			}
		}
	}()
	for _, path := range paths {
		want := RefusalKind(strings.TrimSuffix(filepath.Base(path), ".xml"))
		covered = append(covered, want)
		t.Run(string(want), func(t *testing.T) {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			p := newParser(func(parcel) error { return nil })
			_, err = p.parse(context.Background(), pupilFile, f)
			var refusal *Refusal
			if !errors.As(err, &refusal) || refusal.Kind != want || refusal.File != pupilFile.Name {
				t.Fatalf("%v", err)
			}
			if want != UnsupportedEncoding && refusal.Line < 6 {
				t.Errorf("no line: %v", err)
			}
			if text := err.Error(); strings.Contains(text, "ESSAI") || strings.Contains(text, "Zo") {
				t.Errorf("it tells a name: %s", text)
			}
		})
	}
}
