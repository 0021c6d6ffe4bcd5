package aaf

import (
	"strings"
	"testing"
)

func hashOf(t *testing.T, attributes string) int64 {
	t.Helper()
	records, _, err := parseAll(strings.NewReader(document(attributes)))
	if err != nil || len(records) != 1 {
		t.Fatal(err, records)
	}
	return records[0].Hash
}

func TestHash(t *testing.T) {
	const (
		name  = `<attr name="ENTPersonNom"><value>ESSAI</value></attr>`
		first = `<attr name="ENTPersonPrenom"><value>Zo&#233;</value></attr>`
	)
	base := hashOf(t, name+first)
	// Stored hashes outlive the program: this one must never change.
	if base != -4778643712226201912 {
		t.Errorf("the hash of old records has become %d", base)
	}
	for what, same := range map[string]string{
		"order":   first + name,
		"layout":  "\n" + name + " \n<!-- x -->" + strings.Replace(first, "&#233;", "é", 1),
		"empty":   name + first + `<attr name="ENTPersonMail"><value/></attr>`,
		"white":   name + strings.Replace(first, "Zo", " Zo", 1),
		"twice":   name + first + first,
		"dropped": name + first + `<attr name="ENTEleveBoursier"><value>O</value></attr>`,
		"unknown": name + first + `<attr name="ENTEleveDoudou"><value>OURS</value></attr>`,
	} {
		if hashOf(t, same) != base {
			t.Errorf("%s counts", what)
		}
	}
	for what, other := range map[string]string{
		"a value":        name + strings.Replace(first, "Zo", "Lo", 1),
		"another value":  name + first + `<attr name="ENTPersonCivilite"><value>Mme</value></attr>`,
		"the attribute":  strings.Replace(name, "PersonNom", "PersonNomPatro", 1) + first,
		"swapped values": strings.Replace(name, "ESSAI", "Zo&#233;", 1) + strings.Replace(first, "Zo&#233;", "ESSAI", 1),
	} {
		if hashOf(t, other) == base {
			t.Errorf("%s does not count", what)
		}
	}
	many := func(values string) int64 {
		return hashOf(t, name+first+`<attr name="ENTPersonStructRattach">`+values+`</attr>`)
	}
	if many("<value>1</value><value>2</value>") != many("<value>2</value><value>1</value><value>2</value>") {
		t.Error("the order of values counts")
	}
	if many("<value>12</value>") == many("<value>1</value><value>2</value>") {
		t.Error("the limits of values do not count")
	}
}
