// Package accounts is the office of those who hand out accounts: heads for
// their school, teachers for the pupils of their classes, communes, pilots and
// operators for the teams they appoint. It says whose account is activated, and
// gives the code with which a person chooses a password: alone, as a letter to
// each family of a class in its language, as the labels of its pupils, or by
// mail. It opens the door of a class to those who do not read, takes away a
// second factor that was lost, opens an account that was frozen, erases
// the passwords of many, and holds the switches of an incident: a school, or the
// whole installation, is read only, or has everybody signed out.
//
// It owns no table: account holds logins, codes, factors and switches, and says
// what each is worth; directory, who is in a class and whose guardian. Who may
// receive a code from whom is the register office's to say (Refuse,
// Colleague).
package accounts
