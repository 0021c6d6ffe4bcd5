// Package personal is the catalogue of personal data: each slice declares
// every column of its tables, with the category, purpose, recipients and
// retention that the arrêté of 30 November 2006 (RU-003) and the GDPR ask a
// register of processing to state.
//
// From the declarations come the register (docs/register.md), the export and
// the erasure of one person, the archive of one school, and the purge of
// what is past its term. A test compares them with the live schema of both
// databases, so that no column is forgotten.
package personal
