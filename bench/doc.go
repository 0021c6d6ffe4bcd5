// Package bench holds the measurements and the peers they run beside. A
// figure is a ratio against a floor or a peer of the same run, never a bare
// time: machines differ, and this one changes under our feet.
//
// Run them with make bench; the figures are in docs/performance.md.
package bench
