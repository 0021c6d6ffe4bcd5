// Package portal is the hall: where one comes in (sign-in, its second step,
// activation, a forgotten password, the door of a class for those who do not
// read) or shuts one's account, the home page of each profile, one's own
// account with its factors, its devices, its journal and a further slip that is added
// to it, the badges of one's children, whom to call, the one page of whoever has left,
// and the pages that the law asks for. It also draws what surrounds every page
// (navigation, footer) and says who a visitor is, from the register.
//
// A home page answers two questions, what is new and what is expected of me;
// there is one file for each profile, named after it. What each shows follows
// from the actor's hat: nothing is asked of the register that the hat does not
// hold.
//
// The hall owns two tables: in which order people have their tiles, and the marks of the forms that
// were taken. Passwords, codes, factors and sessions are account's;
// people and places are directory's.
package portal
