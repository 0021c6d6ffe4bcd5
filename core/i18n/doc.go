// Package i18n holds the texts that people read, in every language, and
// says them. Texts live in the folder "words" of each room, one JSON file a
// language, so that a language is added without code; French and English are
// complete or the program does not start.
//
// It also says dates, hours and numbers as people do.
package i18n
