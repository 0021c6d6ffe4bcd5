// Package accounts is the office of those who hand out accounts: heads for
// their school, teachers for the pupils of their classes, communes, pilots and
// operators for the teams they appoint. It says whose account is activated,
// and gives the code with which a person chooses a password.
//
// It owns no table: account holds logins and codes, and says what a code is
// worth; directory, who is in a class and whose guardian. Who may receive a
// code from whom is the register office's to say (MayGive, Colleague).
package accounts
