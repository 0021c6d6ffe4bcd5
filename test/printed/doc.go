// Package printed is what becomes of paper in tests: the text of a document, its pages as a
// printer makes them, what is written on them, and photographs of them, which are simulated.
package printed
