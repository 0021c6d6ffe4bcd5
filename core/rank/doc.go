// Package rank has the work that nobody looks at yield the processor to the
// pages.
//
// Go shares its processors out in turns of ten milliseconds and knows no rank: a
// page that wants one beside a few long computations waits for them at each of
// its steps. The system knows ranks, but only between threads, and a thread that
// waits behind the others holds its processor of Go's all the while. So the program
// has more of those than the machine has real ones ([Widen]), and what computes for
// long is on a thread that goes last, and for whoever has waited too long on one that
// has its share ([Behind]).
package rank
