// Package servicetest is what every service that keeps something is held to, on both
// databases: what it says that it holds about somebody is in their export and in no
// other, a school's archive is restored to the byte, nothing about somebody is left once
// they are erased, what they wrote for others stays without them, and what is past its
// term goes.
//
// It fills the tables by itself, from what is declared of them: a service that is added
// to the house is in it without a line.
package servicetest
