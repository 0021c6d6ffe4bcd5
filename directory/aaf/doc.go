// Package aaf reads deliveries of the AAF (Annuaire Académique Fédérateur)
// for the premier degré: bytes in, typed records out.
//
// It owns the names of files, the XML grammar (DTD ficAlimMENESR), the
// attribute tables of SDET annex 1 and the list of attributes that RU-003
// does not allow and that are dropped here. It knows no database: directory/feed compares the
// records with the register and applies them.
//
// A [Source] is a folder or an archive; a [Delivery] is the files in it that
// share a prefix, a mode and a date. [Delivery.Check] looks at names,
// [Delivery.Read] streams records. What is wrong is of two sorts: a [Trouble]
// concerns one record or one attribute and the rest goes on; a [Refusal]
// concerns the whole delivery, of which nothing should then be used. Neither
// ever repeats a value.
package aaf
