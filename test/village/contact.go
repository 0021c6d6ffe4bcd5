package village

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"preau/core/school"
)

// home is where a guardian lives. Those who share a roof share the pointer.
type home struct {
	line     string // "12 RUE DES TILLEULS"; empty when the address is unknown
	postcode string
	town     string
	country  string
}

// contact is how a guardian can be reached; one in five cannot.
type contact struct {
	home, mobile, work string
	mail               string
}

// homeIn draws an address. Four in a hundred are unknown or abroad.
func homeIn(r *rand.Rand, c *commune) *home {
	switch n := r.IntN(1000); {
	case n < 35:
		return &home{country: "PAYS INCONNU"}
	case n < 40:
		return &home{line: strconv.Itoa(1+r.IntN(90)) + " CHAUSSEE DE L'ETANG", postcode: "9960", town: "BRUMELOO", country: "BELGIQUE"}
	}
	return &home{
		line:     strconv.Itoa(1+r.IntN(140)) + " " + pick(r, streets),
		postcode: c.postcode,
		town:     c.name,
		country:  "FRANCE",
	}
}

// value is ENTPersonAdresse: always four fields, the first two mostly empty.
func (h *home) value() string { return "$$" + h.line + "$" }

// contactOf draws the ways to reach a person.
func contactOf(r *rand.Rand, who identity) contact {
	if chance(r, 210) {
		return contact{}
	}
	var c contact
	if chance(r, 960) {
		c.mobile = mobile(r)
	}
	if chance(r, 165) || c.mobile == "" {
		c.home = landline(r)
	}
	if chance(r, 115) {
		c.work = landline(r)
	}
	if chance(r, 405) {
		c.mail = privateMail(r, who)
	}
	return c
}

// fictionLandlines are the numbers that the ARCEP keeps for works of fiction,
// one block of a thousand per zone (decision 2018-0881, 2.5.12).
var fictionLandlines = []string{"1 99 00", "2 61 91", "3 53 01", "4 65 71", "5 36 49"}

// fictionMobiles is the block of mobile numbers of the same decision.
const fictionMobiles = "6 39 98"

func landline(r *rand.Rand) string { return phone(r, pick(r, fictionLandlines)) }

func mobile(r *rand.Rand) string { return phone(r, fictionMobiles) }

// phone completes a block with four digits, and writes the number in one of
// the ways that deliveries hold: mostly "+33 6 39 98 01 02".
func phone(r *rand.Rand, block string) string {
	number := block + " " + strconv.Itoa(10+r.IntN(90)) + " " + strconv.Itoa(10+r.IntN(90))
	switch n := r.IntN(1000); {
	case n < 40:
		return "+33" + strings.ReplaceAll(number, " ", "")
	case n < 60:
		return "0" + strings.ReplaceAll(number, " ", "") + " -"
	}
	return "+33 " + number
}

var mailHosts = []string{"courriel.test", "poste.test", "boite-aux-lettres.test", "messagerie.test"}

// privateMail draws an address; one in ten was typed in capitals.
func privateMail(r *rand.Rand, who identity) string {
	mail := mailName(who) + strconv.Itoa(r.IntN(100)) + "@" + pick(r, mailHosts)
	if chance(r, 100) {
		return strings.ToUpper(mail)
	}
	return mail
}

// mailName is "prenom.nom", folded.
func mailName(who identity) string {
	return strings.ReplaceAll(school.Fold(who.first), " ", "-") + "." + strings.ReplaceAll(school.Fold(who.usual), " ", "")
}
