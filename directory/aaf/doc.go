// Package aaf reads deliveries of the AAF (Annuaire Académique Fédérateur)
// for the premier degré: bytes in, typed records out.
//
// It owns the names of files, the XML grammar (DTD ficAlimMENESR), the
// attribute tables of SDET annex 1 and the list of attributes that RU-003
// does not allow and that are dropped here. It knows no database: directory/feed compares the
// records with the register and applies them.
package aaf
