// Package village imagines a town, its families and its schools, and writes
// them as the deliveries that an académie sends every night: the AAF
// (Annuaire Académique Fédérateur) of the premier degré, SDET annex 1, in the
// grammar of the DTD ficAlimMENESR.
//
// Nobody in it exists, nor does any place: the académie of Orvalmont has the
// département numbers 096 and 098, which no map bears, its mail ends in
// ".test" (RFC 2606) and its telephone numbers are those that the ARCEP
// reserves for fiction. Names are drawn apart and joined at random.
//
// [Write] makes a complete delivery of any size, [WriteDelta] that of the next
// day. Everything follows from the number of schools, a seed and a day: the
// same three give the same bytes. A delivery says in a comment of its first
// file which village it describes, so that its delta needs nothing else.
//
// # A delivery, for those who have never seen one
//
// A folder of XML files in four categories. EtabEducNat holds structures
// (schools, but also circonscriptions, DSDEN and rectorat), Eleve the pupils,
// PersRelEleve their guardians, PersEducNat the teachers. Each record is known
// by its jointure, a number that is unique in one académie for one degree.
// A few things surprise:
//
//   - a class has no record: it is a string on its pupils, "idStruct$codeType$
//     libType$idClasse$label", and nothing says who teaches it;
//   - the level belongs to the pupil, for a class may hold several;
//   - the bond is told twice: the pupil names the guardian and the link, the
//     guardian names the pupil only;
//   - a head is one whose ENTEnsFonctionDir names the school, or whose function
//     has the specialty D0000; the two do not always agree;
//   - the files are pure ASCII, the rest being numeric references;
//   - a complete delivery only adds, and who is absent has left; a delta adds,
//     modifies (mostly by saying everything again) and deletes, but still
//     gives all structures as additions.
//
// # How the package is made
//
// The plan (plan.go) shares the schools out in localities: a town, or the
// villages of one RPI. Each [locality] is imagined alone, from its own random
// source, with its schools, families and staff; it then lives its days
// (day.go). Families do not cross localities, so that the largest académie is
// written in the memory of its largest town. A delta is the difference
// between the records of a locality on two days (difference.go), so that it
// cannot disagree with the complete deliveries. Troubles (trouble.go) are sown
// in the records on their way to the files (delivery.go).
//
// The package shares no code with the reader of deliveries: each checks the
// other.
package village
