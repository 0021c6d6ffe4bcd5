// Package onde reads the extractions of ONDE, the register that the head of a
// school keeps for the State: bytes in, typed records out.
//
// It owns the two layouts of pupils and the one of guardians, with what years
// and tools made of them: encodings, quotes, names of columns, blocks of
// children, last lines that sum up. What RU-003 does not allow is dropped
// here. It knows no database: directory/feed finds who is who, and applies.
//
// An extraction is always called CSVExtraction.csv: what is in a file is told
// by its headers. What is wrong is of two sorts: a [Trouble] concerns one row
// or one column and the rest goes on; a [Refusal] concerns everything, of
// which nothing should then be used. Neither ever repeats a value.
package onde
