// Package school holds the nouns of a French primary school: profiles, the
// UAI of a school, the INE of a pupil, levels, school years, identifiers and
// the folding of French names.
//
// It does no I/O and knows no database. Every other package may import it.
package school
