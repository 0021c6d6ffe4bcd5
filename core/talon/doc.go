// Package talon makes the strips of paper that come back to a school, and reads them: a code
// that says what a strip is about, boxes to tick, and two black squares by which a picture of
// it is laid flat, whatever the sheet, the light and the telephone. What the boxes mean, and
// to whom a code belongs, is for the room that prints it.
//
// Lengths are in millimetres, from the top left corner of a strip.
package talon
